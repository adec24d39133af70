using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Verifiers;
using DiffusionMesh.Verifiers.Clip;

namespace DiffusionMesh.Verifier.Clip;

/// <summary>Serves CLIP scores.</summary>
public static class ClipVerifierHost
{
    /// <summary>Builds the host.</summary>
    /// <param name="args">Configuration, for example <c>--urls http://127.0.0.1:5102 --Models:Path=DIR</c>.</param>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("verifier-clip");
        builder.AddVerifierMode<ClipOptions>();
        builder.AddVerifier(services => ClipScorer.Load(
            services.OpenModel(ClipManifest.KindName),
            services.GetRequiredService<VerifierOptions>(),
            services.GetRequiredService<ClipOptions>()));

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapVerifier();
        return app;
    }
}
