using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Accounting;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Guarding;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Running;

namespace DiffusionMesh.Benchmarks.Algorithms;

/// <summary>A whole search of 2,560 NFE, 20 steps a run, in which only the algorithm and the session work.</summary>
[MemoryDiagnoser]
public class AlgorithmSearch
{
    public const long Budget = 2_560;

    public static IEnumerable<string> Names => SearchAlgorithms.All.Names;

    [ParamsSource(nameof(Names))]
    public string Algorithm { get; set; } = "";

    [Benchmark]
    public Task<SearchResult> RunAsync()
    {
        var algorithm = SearchAlgorithms.All[Algorithm];
        var spec = new SearchSpec
        {
            Model = "free",
            ModelDigest = "sha256:0",
            ComputeClass = "none",
            Condition = new Condition.ClassLabel(0),
            Algorithm = Algorithm,
            Parameters = algorithm.Parameters.ToImmutableSortedDictionary(
                parameter => parameter.Name, parameter => parameter.DefaultText, StringComparer.Ordinal),
            BudgetNfe = Budget,
            Sampler = "euler",
            Steps = 20,
            Guidance = 1,
            Verifiers = [new VerifierChoice("free", "", 1, "sha256:1", "1", "none")],
        };
        var environment = new SearchEnvironment(
            new FreeSampler(), [new FreeVerifier()], new InMemoryJournal(), new Silence(), new NoStop(), long.MaxValue);
        return SearchRunner.RunAsync(spec, algorithm, environment, CancellationToken.None);
    }

    private sealed class NoStop : IStopSignal
    {
        public CancellationToken Cancelled => CancellationToken.None;

        public StopReason? BeforeRound(int round) => null;
    }

    private sealed class Silence : ISearchObserver
    {
        public void RoundStarted(int round, IReadOnlyList<Candidate> admitted)
        {
        }

        public void SegmentPaid(Segment segment, SampledSegment sampled, bool recalled)
        {
        }

        public void NfeWasted(long nfe)
        {
        }

        public void CandidateSampled(Candidate candidate, Ledger ledger)
        {
        }

        public void CandidateFinished(Candidate candidate, Ledger ledger)
        {
        }

        public void RoundFinished(int round, BestCandidate? best, Ledger ledger, HackingRound? hacking)
        {
        }
    }
}
