using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Contract;

public sealed class StatusTests
{
    [Fact]
    public void StatusCodes_HaveTheNumbers_OfTheWire() => Assert.Equal(
        [
            "OK", "Cancelled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists", "PermissionDenied",
            "ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss",
            "Unauthenticated",
        ],
        Enumerable.Range(0, 17).Select(number => ((StatusCode)number).ToString()));

    [Fact]
    public void Status_WithoutException_KeepsCodeAndDetail()
    {
        var status = new Status(StatusCode.NotFound, "no such model");

        Assert.Equal((StatusCode.NotFound, "no such model", null), (status.StatusCode, status.Detail, status.DebugException));
        Assert.Equal("Status(StatusCode=\"NotFound\", Detail=\"no such model\")", status.ToString());
    }

    [Fact]
    public void Status_WithException_NamesItInItsText()
    {
        var status = new Status(StatusCode.Internal, "bad", new InvalidOperationException("why"));

        Assert.Contains("System.InvalidOperationException: why", status.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WellKnownStatuses_AreWhatTheySay()
    {
        Assert.Equal((StatusCode.OK, ""), (Status.DefaultSuccess.StatusCode, Status.DefaultSuccess.Detail));
        Assert.Equal((StatusCode.Cancelled, ""), (Status.DefaultCancelled.StatusCode, Status.DefaultCancelled.Detail));
    }

    [Fact]
    public void RpcException_OfStatus_SaysTheStatusAndHasNoTrailers()
    {
        var cause = new InvalidOperationException("why");
        var status = new Status(StatusCode.Internal, "bad", cause);

        var exception = new RpcException(status);

        Assert.Equal(StatusCode.Internal, exception.StatusCode);
        Assert.Equal(status.ToString(), exception.Message);
        Assert.Same(cause, exception.InnerException);
        Assert.Empty(exception.Trailers);
    }

    [Fact]
    public void RpcException_WithTrailersAndMessage_KeepsBoth()
    {
        var trailers = new Metadata { { "a", "1" } };

        var exception = new RpcException(new Status(StatusCode.Aborted, "detail"), trailers, "message");

        Assert.Same(trailers, exception.Trailers);
        Assert.Equal(("message", "detail"), (exception.Message, exception.Status.Detail));
        Assert.Same(trailers, new RpcException(exception.Status, trailers).Trailers);
        Assert.Equal("message", new RpcException(exception.Status, "message").Message);
    }
}
