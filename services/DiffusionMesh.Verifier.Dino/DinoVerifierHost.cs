using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Verifiers;
using DiffusionMesh.Verifiers.Dino;

namespace DiffusionMesh.Verifier.Dino;

/// <summary>Serves logits of classes by a linear head on an encoder trained without labels.</summary>
public static class DinoVerifierHost
{
    /// <summary>Builds the host.</summary>
    /// <param name="args">Configuration, for example <c>--urls http://127.0.0.1:5103 --Models:Path=DIR</c>.</param>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("verifier-dino");
        builder.AddVerifier(services => DinoScorer.Load(services.OpenModel(DinoManifest.KindName), services.GetRequiredService<VerifierOptions>()));

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapVerifier();
        return app;
    }
}
