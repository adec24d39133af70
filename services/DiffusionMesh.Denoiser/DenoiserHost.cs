using DiffusionMesh.Denoiser.Models;
using DiffusionMesh.Denoiser.Requests;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.ServiceDefaults.Draining;
using DiffusionMesh.ServiceDefaults.Settings;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Denoiser;

/// <summary>The denoiser's host.</summary>
public static class DenoiserHost
{
    /// <param name="args">Configuration as on the command line, for example <c>--Models:Path=/models --urls=http://[::]:8080</c>.</param>
    public static WebApplication Build(string[] args) => Build(args, network: null);

    /// <param name="args">Configuration as on the command line.</param>
    /// <param name="network">Puts another network into the place of each model's own.</param>
    internal static WebApplication Build(string[] args, Func<IDenoiserNetwork, IDenoiserNetwork>? network)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("denoiser");
        builder.AddDrain();
        builder.AddSettings<DenoiserOptions>(DenoiserOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<DenoiserOptions>, DenoiserProvider>();
        builder.AddSettings<ModelsOptions>(ModelsOptions.Section).Validate(ModelsOptions.Exists, ModelsOptions.Rule);
        builder.Services.AddSingleton(new NetworkReplacement(network));
        builder.Services.AddSingleton<KeptPredictions>();
        builder.Services.AddSingleton<ModelLoader>();
        builder.Services.AddSingleton<ServedModels>();
        builder.Services.AddSingleton<ModelAdministration>();
        builder.Services.AddHostedService<ModelLoading>();

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapGrpcService<DenoiserEndpoint>();
        app.MapGrpcService<ModelAdminEndpoint>();
        return app;
    }
}
