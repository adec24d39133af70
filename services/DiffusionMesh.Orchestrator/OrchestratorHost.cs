using DiffusionMesh.Orchestrator.Creation;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Replay;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.ServiceDefaults.Settings;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator;

/// <summary>The host that runs searches. It reaches denoiser and verifiers over gRPC alone.</summary>
public static class OrchestratorHost
{
    /// <param name="args">Configuration, for example <c>--Orchestrator:Denoiser=http://127.0.0.1:5101</c>.</param>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("orchestrator");
        builder.AddSettings<OrchestratorOptions>(OrchestratorOptions.Section);
        builder.AddSettings<MeshOptions>(MeshOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<OrchestratorOptions>, OrchestratorRules>();
        builder.Services.AddSingleton<IValidateOptions<OrchestratorOptions>, PlaintextRule>();
        var options = builder.ReadSettings<OrchestratorOptions>(OrchestratorOptions.Section);
        builder.Services.AddMesh();
        builder.Services.AddCreation();
        builder.Services.AddSearchStorage();
        builder.Services.AddSearches(options);
        builder.Services.AddReplay();
        builder.Services.AddSearchQueue(options);

        var app = builder.Build();
        app.MapGrpcService<SearchEndpoint>();
        app.MapServiceDefaults();
        return app;
    }
}
