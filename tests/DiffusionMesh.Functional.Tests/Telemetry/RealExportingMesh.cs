namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>Denoiser, CLIP verifier and orchestrator as processes over the embedded models, all of which export.</summary>
public sealed class RealExportingMesh : IAsyncLifetime
{
    private HostProcess _denoiser = null!;
    private HostProcess _verifier = null!;

    internal OtlpCollector Collector { get; private set; } = null!;

    internal ExportingMesh Mesh { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Collector = await OtlpCollector.StartAsync();
        _denoiser = await HostProcess.StartAsync("DiffusionMesh.Denoiser", Collector.Address, "--Denoiser:Threads=1");
        _verifier = await HostProcess.StartAsync("DiffusionMesh.Verifier.Clip", Collector.Address, "--Verifier:Threads=1");
        Mesh = await ExportingMesh.StartAsync(
            Collector, _denoiser.Address, [("clip", _verifier.Address)], "--Orchestrator:DefaultModel=fashion-flow");
    }

    public async Task DisposeAsync()
    {
        await Mesh.DisposeAsync();
        await _verifier.DisposeAsync();
        await _denoiser.DisposeAsync();
        await Collector.DisposeAsync();
    }
}
