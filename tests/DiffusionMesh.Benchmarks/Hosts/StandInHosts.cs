using DiffusionMesh.Benchmarks.Simulated;
using DiffusionMesh.Denoiser;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Verifiers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace DiffusionMesh.Benchmarks.Hosts;

/// <summary>Hosts of the product in which a stand-in takes the place of a network. Started as processes of this program.</summary>
internal static class StandInHosts
{
    public const string Command = "serve";

    /// <summary>A denoiser on <see cref="SimulatedAccelerator"/> that is told <see cref="EvaluationMilliseconds"/>.</summary>
    public const string Denoiser = "denoiser";

    /// <summary>A verifier on <see cref="FreeScorer"/>.</summary>
    public const string Verifier = "verifier";

    /// <summary>Denoisers that are told <see cref="Hosts.SleepingPods.Pods"/> and <see cref="Hosts.SleepingPods.StepMilliseconds"/>.</summary>
    public const string SleepingPods = "sleeping-pods";

    public const string EvaluationMilliseconds = "Simulated:EvaluationMilliseconds";

    public static Task<int> RunAsync(string name, string[] args) => name switch
    {
        Denoiser => HostRun.RunAsync(() => BuildDenoiser(args)),
        Verifier => HostRun.RunAsync(() => BuildVerifier(args)),
        SleepingPods => Hosts.SleepingPods.RunAsync(args),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a host"),
    };

    private static WebApplication BuildDenoiser(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine(args).Build();
        return DenoiserHost.Build(args, own => new Instead(own, new SimulatedAccelerator(
            TimeSpan.FromMilliseconds(configuration.GetValue<double>(EvaluationMilliseconds)), TimeSpan.Zero)));
    }

    private static WebApplication BuildVerifier(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("verifier-free");
        builder.AddVerifier(_ => new FreeScorer());

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapVerifier();
        return app;
    }
}
