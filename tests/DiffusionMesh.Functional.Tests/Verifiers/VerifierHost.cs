using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Verifiers;
using DiffusionMesh.Verifiers.Scoring;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace DiffusionMesh.Functional.Tests.Verifiers;

/// <summary>A verifier host over a scorer of the test, and what its tests share.</summary>
internal static class VerifierHost
{
    public static Task<RunningHost> StartAsync(IScorer scorer, params string[] args) => RunningHost.StartAsync(
        given =>
        {
            var builder = WebApplication.CreateBuilder(given);
            builder.AddServiceDefaults("verifier-test");
            builder.AddVerifier(_ => scorer);
            var app = builder.Build();
            app.MapServiceDefaults();
            app.MapVerifier();
            return app;
        },
        args);

    public static Candidate Candidate(string id, byte final, byte draft) =>
        new() { Id = id, Images = { Final([final], 1, 1, 1), XPrediction([draft], 0.4) } };

    public static NamedImage Final(byte[] pixels, params long[] shape) =>
        new() { Name = "final", Kind = ImageKind.Final, Image = TensorMapping.ToMessage(pixels, shape) };

    public static NamedImage XPrediction(byte[] pixels, double noiseLevel) =>
        new() { Name = "draft", Kind = ImageKind.XPrediction, NoiseLevel = noiseLevel, Image = TensorMapping.ToMessage(pixels, 1, 1, 1) };

    /// <summary>The fields that a request is refused for, in order.</summary>
    public static async Task<string[]> RefusedFieldsAsync(RunningHost host, ScoreRequest request)
    {
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new VerifierService.VerifierServiceClient(host.Channel).ScoreAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return [.. RpcErrors.Detail<BadRequest>(error)!.FieldViolations.Select(violation => violation.Field)];
    }
}
