using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>How long an orchestrator may take to stop.</summary>
public sealed class ShutdownTimeTests
{
    [Fact]
    public async Task Host_OfAnOrchestratorWithALongTimeToStop_LeavesItThatTime()
    {
        await using var mesh = await OrchestratorMesh.StartAsync(
            new ScriptedDenoiser(), new ScriptedVerifier(), "--Orchestrator:ShutdownSeconds=600", "--Orchestrator:CancelGraceSeconds=60");

        var host = mesh.Host.App.Services.GetRequiredService<IOptions<HostOptions>>().Value;

        Assert.True(host.ShutdownTimeout > TimeSpan.FromSeconds(660), $"{host.ShutdownTimeout}");
    }
}
