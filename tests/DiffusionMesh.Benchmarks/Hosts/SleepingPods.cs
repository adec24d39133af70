using System.Net;
using DiffusionMesh.Benchmarks.Simulated;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DiffusionMesh.Benchmarks.Hosts;

/// <summary>Many denoisers that sleep, in one process, each on a loopback port of its own. It announces them as one address, a list.</summary>
internal static class SleepingPods
{
    public const string Pods = "Simulated:Pods";

    public const string StepMilliseconds = "Simulated:StepMilliseconds";

    /// <summary>Whether every second one takes twice as long.</summary>
    public const string Unequal = "Simulated:Unequal";


    public static async Task<int> RunAsync(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine(args).Build();
        var pods = new Dictionary<int, SleepingPod>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new SleepingDenoiser(pods, TimeSpan.FromMilliseconds(configuration.GetValue<double>(StepMilliseconds))));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            for (var pod = 0; pod < configuration.GetValue<int>(Pods); pod++)
            {
                kestrel.Listen(IPAddress.Loopback, port: 0, listen => listen.Protocols = HttpProtocols.Http2);
            }
        });

        await using var app = builder.Build();
        app.MapGrpcService<SleepingDenoiser>();
        await app.StartAsync();
        foreach (var address in app.Urls)
        {
            pods.Add(new Uri(address).Port, new SleepingPod(configuration.GetValue<bool>(Unequal) && pods.Count % 2 == 1 ? 2 : 1));
        }

        Console.WriteLine($"{HostUnderTest.Announcement}static:///{string.Join(',', pods.Keys.Select(port => $"127.0.0.1:{port}"))}");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
