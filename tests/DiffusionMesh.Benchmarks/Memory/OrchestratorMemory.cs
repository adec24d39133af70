using System.Globalization;
using System.Text;
using DiffusionMesh.Benchmarks.Hosts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;

namespace DiffusionMesh.Benchmarks.Memory;

/// <summary>
/// A search of 256 candidates under four verifiers through the real services: the most memory that the orchestrator held,
/// as Linux counts it (VmHWM), how often its progress was told, and how long it took.
/// </summary>
internal static class OrchestratorMemory
{
    private const int Candidates = 256;

    private const int Steps = 20;

    private static readonly (string Name, string Folder, string Assembly)[] Verifiers =
    [
        ("clip", "verifier-clip", "DiffusionMesh.Verifier.Clip"),
        ("dino", "verifier-dino", "DiffusionMesh.Verifier.Dino"),
        ("aesthetic", "verifier-aesthetic", "DiffusionMesh.Verifier.Aesthetic"),
        ("oracle", "verifier-oracle", "DiffusionMesh.Verifier.Oracle"),
    ];

    public static async Task<string> MeasureAsync(CancellationToken cancellationToken)
    {
        using var mesh = await MeshUnderTest.StartAsync(
            HostUnderTest.StartAsync("denoiser", "DiffusionMesh.Denoiser", [], cancellationToken),
            Verifiers.ToDictionary(
                verifier => verifier.Name,
                verifier => HostUnderTest.StartAsync(verifier.Folder, verifier.Assembly, [], cancellationToken)),
            [],
            cancellationToken);
        var spec = new SearchSpec
        {
            Condition = new Condition { ClassLabel = EmbeddedModel.ClassLabel },
            BudgetNfe = Candidates * Steps,
            Steps = Steps,
            Guidance = 1,
            Verifiers = { Verifiers.Select(verifier => new VerifierSelection { Name = verifier.Name }) },
        };
        var before = mesh.Orchestrator.PeakMebibytes;
        var (search, events) = await mesh.SearchAsync(spec, cancellationToken);
        return new StringBuilder()
            .AppendLine("| candidates | verifiers | orchestrator at rest, MiB | most while searching, MiB | progress events | seconds |")
            .AppendLine("|--:|--:|--:|--:|--:|--:|")
            .AppendLine(
                CultureInfo.InvariantCulture,
                $"| {search.Candidates.Count} | {Verifiers.Length} | {before:0} | {mesh.Orchestrator.PeakMebibytes:0} | {events} | {search.Ledger.WallSeconds:0.0} |")
            .ToString();
    }
}
