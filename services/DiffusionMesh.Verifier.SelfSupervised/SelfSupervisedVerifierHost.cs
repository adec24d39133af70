using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Verifiers;
using DiffusionMesh.Verifiers.SelfSupervised;

namespace DiffusionMesh.Verifier.SelfSupervised;

/// <summary>Serves how much the finished sample is like an x-prediction made on the way to it.</summary>
public static class SelfSupervisedVerifierHost
{
    /// <summary>Builds the host.</summary>
    /// <param name="args">Configuration, for example <c>--urls http://127.0.0.1:5105 --Models:Path=DIR</c>.</param>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("verifier-self-supervised");
        builder.AddVerifierMode<SelfSupervisedOptions>();
        builder.AddVerifier(services => SelfSupervisedScorer.Load(
            services.OpenModel(services.GetRequiredService<SelfSupervisedOptions>().Features),
            services.GetRequiredService<VerifierOptions>()));

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapVerifier();
        return app;
    }
}
