using Google.Rpc;
using Grpc.Core;

namespace DiffusionMesh.Contracts.Tests;

public sealed class RpcErrorsTests
{
    [Fact]
    public void NotFound_UnknownName_ListsTheKnownInOrder()
    {
        var error = RpcErrors.NotFound("spec.model", "model", "dall-e", ["fashion-vp", "fashion-flow"]);

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Equal("spec.model: there is no model 'dall-e'; known: fashion-flow, fashion-vp", error.Status.Detail);
        Assert.Equal("spec.model", RpcErrors.Detail<BadRequest>(error)!.FieldViolations[0].Field);
    }

    [Fact]
    public void NotFound_LongName_FitsIntoTheHeaders()
    {
        var error = RpcErrors.NotFound("spec.model", "model", new string('x', 100_000), ["fashion-flow"]);

        Assert.Equal($"spec.model: there is no model '{new string('x', 127)}…'; known: fashion-flow", error.Status.Detail);
    }

    [Fact]
    public void FailedPrecondition_WithMetadata_CarriesErrorInfo()
    {
        var error = RpcErrors.FailedPrecondition("MODEL_DIGEST_MISMATCH", "other weights", ("served", "sha256:1"));

        var info = RpcErrors.Detail<ErrorInfo>(error)!;
        Assert.Equal(("MODEL_DIGEST_MISMATCH", "diffusionmesh", "sha256:1"), (info.Reason, info.Domain, info.Metadata["served"]));
    }

    [Fact]
    public void ResourceExhausted_Always_SaysWhenToRetry()
    {
        var error = RpcErrors.ResourceExhausted("queue full", TimeSpan.FromMilliseconds(250));

        Assert.Equal(TimeSpan.FromMilliseconds(250), RpcErrors.Detail<RetryInfo>(error)!.RetryDelay.ToTimeSpan());
    }

    [Fact]
    public void Create_LongMessage_IsCut()
    {
        var message = new string('x', 100_000);

        var error = RpcErrors.Create(StatusCode.Internal, message);

        Assert.Equal(1024, error.Status.Detail.Length);
        Assert.Equal(error.Status.Detail, RpcErrors.Details(error)!.Message);
    }

    [Fact]
    public void Details_GarbageInTheTrailer_IsNull()
    {
        var error = new RpcException(new Grpc.Core.Status(StatusCode.Internal, ""), new Metadata { { RpcErrors.DetailsTrailer, [0xff, 0xff] } });

        Assert.Null(RpcErrors.Details(error));
    }

    [Fact]
    public void FieldViolations_Several_AreAllReported()
    {
        var violations = new FieldViolations();
        violations.Add("steps", "is 0");
        violations.Require(false, "seed", "is odd");
        violations.Require(true, "never", "shown");

        var error = Assert.Throws<RpcException>(violations.ThrowIfAny);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(["steps", "seed"], RpcErrors.Detail<BadRequest>(error)!.FieldViolations.Select(violation => violation.Field));
    }
}
