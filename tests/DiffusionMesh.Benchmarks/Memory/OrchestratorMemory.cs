using System.Globalization;
using System.Text;
using DiffusionMesh.Benchmarks.Hosts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;
using Grpc.Net.Client;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

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
        using var denoiser = await HostUnderTest.StartAsync("denoiser", "DiffusionMesh.Denoiser", [], cancellationToken);
        var verifiers = new List<HostUnderTest>();
        try
        {
            foreach (var (_, folder, assembly) in Verifiers)
            {
                verifiers.Add(await HostUnderTest.StartAsync(folder, assembly, [], cancellationToken));
            }

            using var orchestrator = await HostUnderTest.StartAsync(
                "orchestrator",
                "DiffusionMesh.Orchestrator",
                [
                    $"--Orchestrator:Denoiser={denoiser.Address}",
                    "--Orchestrator:DefaultModel=fashion-flow",
                    .. Verifiers.Zip(verifiers, (verifier, host) => $"--Orchestrator:Verifiers:{verifier.Name}={host.Address}"),
                ],
                cancellationToken);
            var before = orchestrator.PeakMebibytes();
            var (search, events) = await SearchAsync(orchestrator.Address, cancellationToken);
            return Table(before, orchestrator.PeakMebibytes(), search, events);
        }
        finally
        {
            verifiers.ForEach(host => host.Dispose());
        }
    }

    private static async Task<(SearchMessage Search, int Events)> SearchAsync(string address, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var searches = new SearchService.SearchServiceClient(channel);
        var spec = new SearchSpec
        {
            Condition = new Condition { ClassLabel = 9 },
            BudgetNfe = Candidates * Steps,
            Steps = Steps,
            Guidance = 1,
        };
        spec.Verifiers.Add(Verifiers.Select(verifier => new VerifierSelection { Name = verifier.Name }));
        var created = await searches.CreateSearchAsync(new CreateSearchRequest { Spec = spec }, cancellationToken: cancellationToken);
        using var watch = searches.WatchSearch(new WatchSearchRequest { SearchId = created.Search.Id }, cancellationToken: cancellationToken);
        var events = 0;
        while (await watch.ResponseStream.MoveNext(cancellationToken))
        {
            events++;
            if (watch.ResponseStream.Current.SearchFinished is { } ended)
            {
                return (ended, events);
            }
        }

        throw new InvalidOperationException("the search was lost");
    }

    private static string Table(double before, double peak, SearchMessage search, int events) => new StringBuilder()
        .AppendLine("| candidates | verifiers | orchestrator at rest, MiB | most while searching, MiB | progress events | seconds |")
        .AppendLine("|--:|--:|--:|--:|--:|--:|")
        .AppendLine(
            CultureInfo.InvariantCulture,
            $"| {search.Candidates.Count} | {Verifiers.Length} | {before:0} | {peak:0} | {events} | {search.Ledger.WallSeconds:0.0} |")
        .ToString();
}
