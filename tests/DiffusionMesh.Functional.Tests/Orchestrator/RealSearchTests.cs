using System.Diagnostics;
using System.Threading.Channels;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

[Collection("denoiser")]
public sealed class RealSearchTests(RealMesh real) : IClassFixture<RealMesh>
{
    [Fact]
    public async Task Search_OverTheEmbeddedModels_FindsABestAndAccountsForEveryEvaluation()
    {
        var search = await real.Mesh.RunAsync(RealMesh.Spec());

        Assert.Equal((SearchState.Succeeded, StopReason.BudgetSpent, ""), (search.State, search.StopReason, search.Error));
        Assert.Equal(12, search.Candidates.Count);
        Assert.All(search.Candidates, candidate => Assert.Equal((CandidateState.Scored, 3, 3), (candidate.State, candidate.Nfe, candidate.NfePath)));
        Assert.Equal((36, 0, 0, 36), (search.Ledger.NfeSearch, search.Ledger.NfeFinal, search.Ledger.NfeWasted, search.Ledger.NfeTotal));
        Assert.Equal((12, 12), (search.Ledger.Decodes, search.Ledger.VerifierCalls["clip"]));
        Assert.Equal(search.Candidates.Max(candidate => candidate.Scores[0].Value), search.Best[0].SearchScore);
        Assert.Equal([32L, 32L, 1L], await ShapeAsync(search));
    }

    [Fact]
    public async Task Search_WhateverTheParallelism_GivesTheSameBits()
    {
        await using var one = await real.StartOrchestratorAsync("--Orchestrator:Parallelism=1", "--Orchestrator:TrajectoriesPerCall=1");
        await using var four = await real.StartOrchestratorAsync("--Orchestrator:Parallelism=4", "--Orchestrator:TrajectoriesPerCall=2");

        var (expected, first, second) = (await one.RunAsync(RealMesh.Spec()), await four.RunAsync(RealMesh.Spec()), await four.RunAsync(RealMesh.Spec()));

        Assert.Equal(expected.Candidates, first.Candidates);
        Assert.Equal(expected.Candidates, second.Candidates);
        Assert.Equal(expected.Best, first.Best);
        Assert.Equal(expected.Best, second.Best);
        Assert.Equal(expected.Spec, first.Spec);
    }

    [Fact]
    public async Task Search_WithClassAndNegativeCondition_Runs()
    {
        var spec = RealMesh.Spec();
        spec.Condition.ClassLabel = 9;
        spec.NegativeCondition = new Contracts.TensorV1.Condition { ClassLabel = 0 };
        spec.Sampler = "heun";
        spec.BudgetNfe = 12;
        spec.FinalSteps = 4;

        var search = await real.Mesh.RunAsync(spec);

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.Equal((2, 10, 7), (search.Candidates.Count, search.Ledger.NfeSearch, search.Ledger.NfeFinal));
    }

    [Fact]
    public async Task Trace_SpansOfCandidates_SumToTheLedger()
    {
        var stopped = Channel.CreateUnbounded<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DiffusionMeshTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => stopped.Writer.TryWrite(span),
        };
        ActivitySource.AddActivityListener(listener);

        var search = await real.Mesh.RunAsync(RealMesh.Spec());

        // Its own span is the last, and ends a moment after the search.
        var spans = new List<Activity>();
        do
        {
            spans.Add(await stopped.Reader.ReadAsync());
        }
        while (spans[^1].OperationName != "search" || spans[^1].GetTagItem(DiffusionMeshTelemetry.SearchId) as string != search.Id);

        var trace = spans[^1];
        var own = spans.Where(span => span.TraceId == trace.TraceId).ToLookup(span => span.OperationName);
        Assert.Equal(12, own["candidate"].Count());
        Assert.Equal(search.Ledger.NfeSearch, own["candidate"].Sum(span => (long)span.GetTagItem(DiffusionMeshTelemetry.Nfe)!));
        Assert.Equal(["0", "1"], own["round"].Select(span => $"{span.GetTagItem(DiffusionMeshTelemetry.Round)}").Order());
        Assert.All(own["round"], round => Assert.Equal(trace.SpanId, round.ParentSpanId));
        Assert.All(own["candidate"].Concat(own["sample"]).Concat(own["score"]), span =>
            Assert.Contains(own["round"], round => round.SpanId == span.ParentSpanId));
        Assert.NotEmpty(own["sample"]);
        Assert.NotEmpty(own["score"]);
    }

    [Fact]
    public async Task DescribeMesh_NamesModelsVerifiersAndAlgorithms()
    {
        await using var verifier = await ScriptedServer.StartAsync(new ScriptedVerifier());
        var down = new Uri("http://127.0.0.1:1");
        await using var mesh = await OrchestratorMesh.StartAsync(
            real.Denoiser.Address, [("down", down), ("brightness", verifier.Address)], []);

        var described = await mesh.Client.DescribeMeshAsync(new DescribeMeshRequest());

        Assert.Equal(["fashion-flow", "fashion-flow-small", "fashion-latent", "fashion-vp"], described.Models.Select(model => model.Name));
        Assert.Equal(["brightness", "down"], described.Verifiers.Select(status => status.Name));
        Assert.Equal(("", ScriptedVerifier.Digest), (described.Verifiers[0].Error, described.Verifiers[0].Verifier.WeightsDigest));
        Assert.Null(described.Verifiers[1].Verifier);
        Assert.StartsWith("does not answer", described.Verifiers[1].Error, StringComparison.Ordinal);
        var random = Assert.Single(described.Algorithms, algorithm => algorithm.Name == "random");
        Assert.Equal(["candidates", "round_size"], random.Parameters.Select(parameter => parameter.Name));
    }

    private async Task<IEnumerable<long>> ShapeAsync(DiffusionMesh.Contracts.SearchV1.Search search)
    {
        var image = await real.Mesh.Client.GetSearchImageAsync(new GetSearchImageRequest { SearchId = search.Id, Format = ImageFormat.Pixels });
        Assert.Equal(search.Best[0].PixelDigest, image.PixelDigest);
        return image.Pixels.Shape;
    }
}
