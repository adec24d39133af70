using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.ServiceDefaults.Draining;
using DiffusionMesh.ServiceDefaults.Settings;
using DiffusionMesh.Verifiers.Networks;
using DiffusionMesh.Verifiers.Scoring;
using DiffusionMesh.Verifiers.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Verifiers;

/// <summary>Makes a host a verifier.</summary>
public static class VerifierExtensions
{
    /// <summary>
    /// Adds the verifier service over one scorer. The scorer is created, and so loaded and warmed up,
    /// before the host listens; a scorer that cannot be created ends the host.
    /// </summary>
    /// <param name="builder">A host with the service defaults.</param>
    /// <param name="create">Creates the scorer; the host disposes of it.</param>
    public static WebApplicationBuilder AddVerifier(this WebApplicationBuilder builder, Func<IServiceProvider, IScorer> create)
    {
        builder.AddDrain();
        builder.AddSettings<VerifierOptions>(VerifierOptions.Section).Validate(VerifierOptions.QueueHoldsACall, VerifierOptions.QueueRule);
        builder.Services.AddSingleton<IValidateOptions<VerifierOptions>, VerifierProvider>();
        builder.AddSettings<ModelsOptions>(ModelsOptions.Section).Validate(ModelsOptions.Exists, ModelsOptions.Rule);
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<VerifierOptions>>().Value);
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<ModelsOptions>>().Value);
        builder.Services.AddSingleton(create);
        builder.Services.AddSingleton<ScoreRequestReader>();
        builder.Services.AddSingleton<ScoringQueue>();
        builder.Services.AddSingleton<ScoringService>();
        builder.Services.AddHostedService<VerifierStartup>();
        return builder;
    }

    /// <summary>Adds what one verifier can be told beyond <see cref="VerifierOptions"/>, of the same section.</summary>
    public static WebApplicationBuilder AddVerifierMode<TMode>(this WebApplicationBuilder builder)
        where TMode : class
    {
        builder.AddSettings<TMode>(VerifierOptions.Section);
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<TMode>>().Value);
        return builder;
    }

    /// <summary>Opens the one model of a kind among the host's models.</summary>
    /// <exception cref="ModelLoadException">There is none, there are several, or it cannot be used.</exception>
    public static ModelFolder OpenModel(this IServiceProvider services, string kind) =>
        ModelFolders.OpenOne(services.GetRequiredService<ModelsOptions>().Path, kind);

    /// <summary>Maps the verifier service.</summary>
    public static WebApplication MapVerifier(this WebApplication app)
    {
        app.MapGrpcService<ScoringService>();
        return app;
    }
}
