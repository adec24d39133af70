using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.ServiceDefaults.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionMesh.Verifiers.Features;

/// <summary>Makes the oracle's host give features.</summary>
public static class FeatureExtensions
{
    /// <summary>Maps the feature service; the host is a verifier over a registered <see cref="Oracle.OracleModel"/>.</summary>
    public static WebApplication MapFeatures(this WebApplication app)
    {
        app.MapGrpcService<FeatureEndpoint>();
        app.Lifetime.ApplicationStarted.Register(
            () => app.Services.GetRequiredService<ServiceHealth>().Set(FeatureService.Descriptor.FullName, true));
        return app;
    }
}
