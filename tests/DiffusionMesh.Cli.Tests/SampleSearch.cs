using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Report;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Imaging;
using Google.Protobuf.WellKnownTypes;
using Candidate = DiffusionMesh.Contracts.SearchV1.Candidate;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Tests;

/// <summary>A finished random search as an orchestrator answers it, with scores that a formula makes up.</summary>
internal static class SampleSearch
{
    public const int Steps = 20;

    public static DescribeMeshResponse Mesh(bool higherIsBetter = true) => new()
    {
        Models = { new Model { Name = "fashion-flow", Classes = { "T-shirt", "Trouser" }, Defaults = new SamplingDefaults { Sampler = "euler", Steps = Steps, Guidance = 2 } } },
        Verifiers = { Verifier("clip", higherIsBetter), Verifier("other", higherIsBetter: true) },
    };

    public static SearchMessage Create(int candidates = 64, string prompt = "a photo of an ankle boot", params string[] verifiers)
    {
        verifiers = verifiers.Length == 0 ? ["clip"] : verifiers;
        var search = new SearchMessage
        {
            Id = "5f3c",
            State = SearchState.Succeeded,
            StopReason = StopReason.BudgetSpent,
            CreateTime = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)),
            EndTime = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 1, 2, 3, 4, 15, TimeSpan.Zero)),
            Spec = Spec(candidates, prompt, verifiers),
            Ledger = new Ledger { NfeSearch = candidates * Steps, NfeTotal = candidates * Steps, NetworkRows = candidates * Steps * 2, Decodes = candidates, WallSeconds = 9.87 },
        };
        search.Ledger.VerifierCalls.Add(verifiers.ToDictionary(name => name, _ => (long)candidates));
        search.Candidates.Add(Enumerable.Range(0, candidates).Select(index => Candidate(index, verifiers)));
        if (candidates > 0)
        {
            var best = search.Candidates.MaxBy(candidate => candidate.Scores[0].Value)!;
            search.Best.Add(new Best { CandidateId = best.Id, SearchScore = best.Scores[0].Value, Scores = { best.Scores }, PixelDigest = best.PixelDigest });
        }

        return search;
    }

    public static SearchDocument Document(int candidates = 64, string prompt = "a photo of an ankle boot", params string[] verifiers) =>
        Create(candidates, prompt, verifiers).ToDocument(Mesh());

    public static SearchImages Images(SearchDocument document)
    {
        var images = document.Candidates.ToDictionary(candidate => candidate.Id, candidate => CandidateImage.Of(Picture(candidate.Noise!.Draw.Lineage[1])));
        return new SearchImages(document.Best is { } best ? [images[best.Candidate].Png] : [], images);
    }

    private static SearchSpec Spec(int candidates, string prompt, string[] verifiers)
    {
        var spec = new SearchSpec
        {
            Model = "fashion-flow",
            Condition = new Condition { Prompt = prompt },
            Algorithm = "random",
            BudgetNfe = Math.Max(candidates, 1) * Steps,
            Sampler = "euler",
            Steps = Steps,
            Guidance = 2,
            ModelDigest = $"sha256:{new string('a', 64)}",
            ComputeClass = "onnxruntime-1.29.0/cpu/x64-avx512/threads-2",
        };
        spec.Verifiers.Add(verifiers.Select(name => new VerifierSelection { Name = name, Version = "1.0.0", WeightsDigest = $"sha256:{new string('b', 64)}" }));
        return spec;
    }

    private static Candidate Candidate(int index, string[] verifiers)
    {
        var candidate = new Candidate
        {
            Id = $"{index}",
            Noise = new NoiseExpression { Draw = new NoiseAddress { Lineage = { 0, (uint)index } } },
            Nfe = Steps,
            NfePath = Steps,
            State = CandidateState.Scored,
            PixelDigest = $"sha256:{index:x64}",
        };
        candidate.Scores.Add(verifiers.Select((name, place) => new VerifierScore { Verifier = name, Value = Score(index, place) }));
        return candidate;
    }

    private static double Score(int index, int place) => 1.1 + (0.35 * Math.Sin((index * 1.7) + place) * Math.Cos(index * 0.31));

    private static VerifierStatus Verifier(string name, bool higherIsBetter) => new()
    {
        Name = name,
        Verifier = new Verifier { Name = name, Maximum = 2.5, RealMean = 1.31, RealStandardDeviation = 0.08, HigherIsBetter = higherIsBetter },
    };

    private static PixelImage Picture(uint index)
    {
        var pixels = new byte[32 * 32];
        for (var place = 0; place < pixels.Length; place++)
        {
            var (x, y) = (place % 32, place / 32);
            pixels[place] = (byte)(127 + (120 * Math.Sin((x * 0.2) + index) * Math.Cos(y * 0.17)));
        }

        return new PixelImage(32, 32, 1, pixels);
    }
}
