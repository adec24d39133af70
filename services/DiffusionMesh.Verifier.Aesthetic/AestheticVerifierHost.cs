using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Verifiers;
using DiffusionMesh.Verifiers.Aesthetic;

namespace DiffusionMesh.Verifier.Aesthetic;

/// <summary>Serves how pristine an image looks, by a head on a clip model's image embedding.</summary>
public static class AestheticVerifierHost
{
    /// <summary>Builds the host.</summary>
    /// <param name="args">Configuration, for example <c>--urls http://127.0.0.1:5104 --Models:Path=DIR</c>.</param>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("verifier-aesthetic");
        builder.AddVerifier(services => AestheticScorer.Load(
            services.OpenModel(AestheticManifest.KindName),
            services.OpenModel(ClipManifest.KindName),
            services.GetRequiredService<VerifierOptions>()));

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapVerifier();
        return app;
    }
}
