using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Planning;
using DiffusionMesh.Cli.Experiments.Storage;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;

namespace DiffusionMesh.Cli.Tests.Experiments;

/// <summary>Experiments, and services to plan them against, without any that run.</summary>
internal static class SampleExperiment
{
    public const string Text = """
        name: sample
        model: flow
        steps: 10
        guidance: 1
        conditions: {classes: [0, 1]}
        seeds: 3
        verifiers: [bright, dark]
        select: [bright, {name: both, of: [bright, {name: dark, weight: 2}]}]
        algorithms: [steps, random, other]
        budgets: {nfe: [10, 40]}
        baseline: {algorithm: steps}
        metrics: [bright]
        figures: [{kind: lines, title: Lines}]
        """;

    public static DescribeMeshResponse Mesh { get; } = new()
    {
        Models =
        {
            Model("flow", "T-shirt", "Trouser"),
            Model("small", "T-shirt", "Trouser"),
        },
        Verifiers = { Verifier("bright", higherIsBetter: true), Verifier("dark", higherIsBetter: false) },
        Algorithms =
        {
            new Algorithm { Name = "random", Parameters = { new AlgorithmParameter { Name = "round_size" } } },
            new Algorithm { Name = "other", Parameters = { new AlgorithmParameter { Name = "width" } } },
        },
    };

    public static ExperimentDefinition Read(string text)
    {
        using var folder = new TemporaryFolder();
        return ExperimentReader.Read(folder.Write("sample.yaml", text));
    }

    public static ExperimentPlan Plan(string text) => Planner.Plan(Read(text), Mesh, "sample.yaml");

    /// <summary>A finished run whose candidates have the scores given and images of one grey pixel.</summary>
    public static (StoredRun Run, Dictionary<string, ReadOnlyMemory<byte>> Images) Run(
        PlannedRun planned, params IReadOnlyList<(double Bright, double Dark)> scores)
    {
        var candidates = scores.Select((score, index) => new StoredCandidate(
            $"{index}", 0, 10, 10, new SortedDictionary<string, double> { ["bright"] = score.Bright, ["dark"] = score.Dark }, $"sha256:{index}", null)).ToArray();
        var nfe = 10L * candidates.Length;
        return (
            new StoredRun
            {
                Key = planned.Key,
                What = "a run",
                Search = "s",
                Ended = DateTimeOffset.UnixEpoch,
                StopReason = "completed",
                Ledger = new StoredLedger(nfe, 0, 0, nfe, candidates.Length, 2L * candidates.Length, candidates.Length),
                Candidates = candidates,
                CandidateCount = candidates.Length,
                Best = candidates.Length > 0 ? "0" : null,
                ImageShape = [1, 1, 1],
                Degradations = [],
            },
            candidates.ToDictionary(candidate => candidate.Id, candidate => new ReadOnlyMemory<byte>([(byte)(10 * int.Parse(candidate.Id, null))])));
    }

    private static Model Model(string name, params string[] classes) => new()
    {
        Name = name,
        State = ModelState.Ready,
        Digest = $"sha256:{name}",
        Classes = { classes },
        Defaults = new SamplingDefaults { Sampler = "euler", Steps = 20, Guidance = 1.5 },
    };

    private static VerifierStatus Verifier(string name, bool higherIsBetter) => new()
    {
        Name = name,
        Verifier = new Verifier
        {
            Name = name,
            WeightsDigest = $"sha256:{name}",
            HigherIsBetter = higherIsBetter,
            RealMean = 1,
            RealStandardDeviation = 2,
            ConditionKinds = { ConditionKind.Class },
        },
    };
}
