using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Functional.Tests.Telemetry;

[Collection("denoiser")]
public sealed class RealTraceTests(RealExportingMesh real) : IClassFixture<RealExportingMesh>
{
    public static TheoryData<string> Algorithms => [.. SearchAlgorithms.All.Names];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Trace_OfAnAlgorithm_AddsUpToTheLedgerAndTheJournal(string algorithm)
    {
        var (search, spans) = await real.Mesh.RunAsync(Spec(algorithm));

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.True(search.Ledger.NfeFinal > 0);
        Assert.Equal(search.Ledger.NetworkRows, spans["segment"].Sum(span => span.Number(DiffusionMeshTelemetry.Rows)));
        Assert.Equal(
            search.Candidates.Select(candidate => (candidate.Id, candidate.Nfe)).Order(),
            spans["candidate"].Select(span => (span[DiffusionMeshTelemetry.Candidate]!, span.Number(DiffusionMeshTelemetry.Nfe))).Order());
    }

    [Fact]
    public async Task Trace_AcrossProcesses_IsOneTree()
    {
        var (search, spans) = await real.Mesh.RunAsync(Spec("successive-halving"));
        await real.Collector.WaitAsync(collector => Served(collector, spans, "denoiser.sample", "sample") && Served(collector, spans, "verifier.score", "score"));

        AssertChildren(spans, "round", "search");
        AssertChildren(spans, "candidate", "round");
        AssertChildren(spans, "final", "search");
        AssertChildren(spans, "segment", "candidate", "final");
        AssertChildren(spans, "verdict", "candidate", "final");
        AssertChildren(spans, "sample", "round", "final");
        AssertChildren(spans, "score", "round", "final");
        Assert.Equal(search.Candidates.Count + 1, spans["segment"].Count());
        Assert.Equal(search.Candidates.Count + 1, spans["verdict"].Count());
        Assert.All(spans["sample"], span => Assert.Equal(span.Links.Count, span.Number(DiffusionMeshTelemetry.BatchSize)));

        // Calls that broke were made again.
        Assert.Equal(search.Candidates.Count + 1, spans["sample"].SelectMany(span => span.Links).Distinct().Count());
        AssertLinked(spans, "sample", ["candidate", "final"]);
        AssertLinked(spans, "score", ["candidate", "final"]);
        AssertLinked(spans, "segment", ["sample"]);
        AssertLinked(spans, "verdict", ["score"]);

        // The call that created the search is elsewhere, and says which search it was.
        await real.Collector.WaitAsync(collector => collector.Spans.Any(
            span => span.Trace != spans.All[0].Trace && span[DiffusionMeshTelemetry.SearchId] == search.Id));
    }

    [Fact]
    public async Task Metrics_OfADenoiser_GiveTheTimePerNfe()
    {
        var (search, _) = await real.Mesh.RunAsync(Spec("random"));

        await real.Collector.WaitAsync(collector => Last(collector, "diffusionmesh.denoiser.nfe")?.Value >= search.Ledger.NfeTotal);
        Assert.True(Last(real.Collector, "diffusionmesh.denoiser.tick.duration")!.Value > 0);

        static ExportedMetric? Last(OtlpCollector collector, string name) =>
            collector.Metrics.LastOrDefault(metric => metric.Name == name && metric.Attributes[DiffusionMeshTelemetry.Model].Equals("fashion-flow"));
    }

    [Fact]
    public async Task Trace_OfDrafts_SaysLineageScoresAndWhyTheyWerePruned()
    {
        var (search, spans) = await real.Mesh.RunAsync(Spec("successive-halving"));

        var goneOnFrom = search.Candidates.Select(candidate => candidate.ParentId).ToHashSet();
        Assert.All(search.Candidates, candidate =>
        {
            var span = spans["candidate"].Single(span => span[DiffusionMeshTelemetry.Candidate] == candidate.Id);
            var parent = candidate.ParentId.Length == 0
                ? ""
                : spans["candidate"].Single(span => span[DiffusionMeshTelemetry.Candidate] == candidate.ParentId)[DiffusionMeshTelemetry.Lineage] + "/";
            Assert.Equal(parent + candidate.Id, span[DiffusionMeshTelemetry.Lineage]);
            Assert.Equal(candidate.Scores[0].Value, span.Attributes[DiffusionMeshTelemetry.Score + ".clip"]);
            var verdict = spans["verdict"].Single(verdict => verdict.Parent == span.Id);
            Assert.Equal(("clip", candidate.Scores[0].Value), (verdict[DiffusionMeshTelemetry.Verifier], (double)verdict.Attributes[DiffusionMeshTelemetry.Score]));
            Assert.Equal(
                candidate.ToNoiseLevel > 0 && !goneOnFrom.Contains(candidate.Id),
                span[DiffusionMeshTelemetry.PrunedBecause] is { } why && why.EndsWith("went on from others", StringComparison.Ordinal));
        });
        Assert.Contains(spans["candidate"], span => span[DiffusionMeshTelemetry.PrunedBecause] is not null);
    }

    [Fact]
    public async Task Trace_Prompt_IsInNoSpanOfAnyProcess()
    {
        var spec = Spec("random");
        spec.Condition = new Contracts.TensorV1.Condition { Prompt = "a photo of an ankle boot" };

        var (_, spans) = await real.Mesh.RunAsync(spec);
        await real.Collector.WaitAsync(collector => Served(collector, spans, "verifier.score", "score"));

        Assert.DoesNotContain(
            real.Collector.Spans, span => span.Attributes.Values.Any(value => value.ToString()!.Contains("ankle", StringComparison.Ordinal)));
    }

    private static SearchSpec Spec(string algorithm) => new()
    {
        Condition = new Contracts.TensorV1.Condition { ClassLabel = 8 },
        Algorithm = algorithm,
        Seed = 5,
        BudgetNfe = 96,
        Steps = 6,
        FinalSteps = 7,
        Verifiers = { new VerifierSelection { Name = "clip" } },
    };

    // Every call of the search has arrived at a server, by way of the client's span and the server's.
    private static bool Served(OtlpCollector collector, SearchSpans search, string served, string call)
    {
        var spans = collector.Spans.ToDictionary(span => span.Id);
        var calls = spans.Values.Where(span => span.Name == served).Select(span => Ancestor(span, call)).OfType<string>().ToHashSet();
        return search[call].All(span => calls.Contains(span.Id));

        string? Ancestor(ExportedSpan span, string name) => span.Name == name ? span.Id
            : spans.GetValueOrDefault(span.Parent) is { } parent && parent.Trace == span.Trace ? Ancestor(parent, name) : null;
    }

    private static void AssertChildren(SearchSpans spans, string name, params string[] parents)
    {
        var ids = parents.SelectMany(parent => spans[parent]).Select(parent => parent.Id).ToHashSet();
        Assert.NotEmpty(spans[name]);
        Assert.All(spans[name], span => Assert.Contains(span.Parent, ids));
    }

    private static void AssertLinked(SearchSpans spans, string name, string[] to)
    {
        var ids = to.SelectMany(other => spans[other]).Select(other => other.Id).ToHashSet();
        Assert.All(spans[name], span =>
        {
            Assert.NotEmpty(span.Links);
            Assert.All(span.Links, link => Assert.Contains(link, ids));
        });
    }
}
