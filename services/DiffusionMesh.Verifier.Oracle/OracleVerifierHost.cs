using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Verifiers;
using DiffusionMesh.Verifiers.Features;
using DiffusionMesh.Verifiers.Oracle;

namespace DiffusionMesh.Verifier.Oracle;

/// <summary>Serves what the metrics know: class probabilities or the distance to real images; and the features of images.</summary>
public static class OracleVerifierHost
{
    /// <summary>Builds the host.</summary>
    /// <param name="args">Configuration, for example <c>--urls http://127.0.0.1:5106 --Models:Path=DIR</c>.</param>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("verifier-oracle");
        builder.AddVerifierMode<OracleOptions>();
        builder.Services.AddSingleton(services => OracleModel.Load(
            services.OpenModel(ClassifierManifest.KindName),
            services.GetRequiredService<VerifierOptions>()));
        builder.AddVerifier(services => services.GetRequiredService<OracleOptions>().Score == OracleOptions.Fid
            ? ActivatorUtilities.CreateInstance<FidScorer>(services)
            : ActivatorUtilities.CreateInstance<ClassProbabilityScorer>(services));

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapVerifier();
        app.MapFeatures();
        return app;
    }
}
