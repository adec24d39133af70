using DiffusionMesh.Orchestrator.Creation;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Replay;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.ServiceDefaults;
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
        builder.Services.AddOptions<OrchestratorOptions>()
            .BindConfiguration(OrchestratorOptions.Section)
            .ValidateDataAnnotations()
            .Validate(OrchestratorOptions.AddressesAreValid, OrchestratorOptions.AddressRule)
            .Validate(OrchestratorOptions.StorageIsNamed, OrchestratorOptions.StorageRule)
            .Validate(OrchestratorOptions.TenantsAreValid, OrchestratorOptions.TenantRule)
            .Validate(options => options.Retention.IsValid, RetentionOptions.Rule)
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<OrchestratorOptions>, PlaintextRule>();
        builder.Services.AddMesh();
        builder.Services.AddCreation();
        builder.Services.AddSearchStorage();
        builder.Services.AddSearches();
        builder.Services.AddReplay();
        builder.Services.AddSearchQueue(builder.Configuration.GetSection(OrchestratorOptions.Section).Get<OrchestratorOptions>() ?? new());

        var app = builder.Build();
        app.MapGrpcService<SearchEndpoint>();
        app.MapServiceDefaults();
        return app;
    }
}
