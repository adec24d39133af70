using System.Globalization;
using System.Text;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Contracts.VerifierV1;
using Google.Protobuf.WellKnownTypes;
using Candidate = DiffusionMesh.Contracts.SearchV1.Candidate;

namespace DiffusionMesh.Benchmarks.Scaling;

/// <summary>Bytes of what a candidate of one segment and two scores sends, receives and leaves in the journal.</summary>
internal static class MessageSizes
{
    private const int TrajectoriesPerCall = 8;

    private static readonly string Digest = "sha256:" + new string('a', 64);
    private static readonly string[] Verifiers = ["clip", "aesthetic"];

    // A segment, a score by each verifier, an event.
    private static readonly int EntriesOfCandidate = 1 + Verifiers.Length + 1;

    private static readonly Picture Sdxl = new("1024² (SDXL)", Side: 1024, Channels: 3, LatentSide: 128, LatentChannels: 4);

    private static readonly Picture[] Pictures =
    [
        new("28², 1 channel (embedded)", Side: 28, Channels: 1, LatentSide: 28, LatentChannels: 1),
        new("512² (SD 1.5)", Side: 512, Channels: 3, LatentSide: 64, LatentChannels: 4),
        Sdxl,
        new("1024² (FLUX)", Side: 1024, Channels: 3, LatentSide: 128, LatentChannels: 16),
    ];

    public static string Measure()
    {
        var table = new StringBuilder("""
            | bytes a candidate | from noise: asked | answered | from a state: asked | answered | to a verifier | from it | journal: entries | images | states |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|

            """);
        foreach (var picture in Pictures)
        {
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {picture.Name} | {Asked(Noise()):N0} | {Answer(picture, draft: false):N0} | {Asked(State(picture)):N0} | {Answer(picture, draft: true):N0} "
                + $"| {Scored(picture):N0} | {Score():N0} | {Journal(picture):N0} | {picture.ImageBytes:N0} | {picture.LatentBytes:N0} |");
        }

        return table.ToString();
    }

    /// <summary>Of a finished 1024² sample from noise, under two verifiers.</summary>
    public static CandidateBytes Candidate1024() => new(
        Asked(Noise()), Answer(Sdxl, draft: false), Verifiers.Length, Scored(Sdxl), Journal(Sdxl), EntriesOfCandidate);

    private static long Asked(Trajectory trajectory)
    {
        var request = new SampleRequest
        {
            Model = "model",
            ModelDigest = Digest,
            ComputeClass = "onnxruntime-1.29.0/cuda/h100",
            Sampler = "dpmpp-2m",
            Steps = 20,
            Guidance = 7.5,
            FromNoiseLevel = 1,
            FairnessKey = new string('0', 32),
            Outputs = new SampleOutputs { Image = true },
        };
        for (var i = 0; i < TrajectoriesPerCall; i++)
        {
            request.Trajectories.Add(trajectory);
        }

        return request.CalculateSize() / TrajectoriesPerCall;
    }

    private static Trajectory Noise() => new()
    {
        Id = "3",
        Condition = new Condition { Prompt = "a photo of an ankle boot on a wooden floor, studio light" },
        Noise = Expression(),
    };

    private static Trajectory State(Picture picture) => new()
    {
        Id = "3",
        Condition = new Condition { Prompt = "a photo of an ankle boot on a wooden floor, studio light" },
        Renoise = new Renoise { Latent = picture.Latent(), NoiseLevel = 0.5, Draw = Address() },
    };

    private static long Answer(Picture picture, bool draft) => new SampleResponse
    {
        Result = new SampleResult
        {
            TrajectoryId = "3",
            Image = picture.Image(),
            Latent = draft ? picture.Latent() : null,
            Nfe = 20,
            NetworkRows = 40,
            Decodes = 1,
            ModelDigest = Digest,
            ComputeClass = "onnxruntime-1.29.0/cuda/h100",
        },
    }.CalculateSize();

    private static long Scored(Picture picture) => new Contracts.VerifierV1.Candidate
    {
        Id = "3",
        Images = { new NamedImage { Name = "image", Kind = ImageKind.Final, Image = picture.Image() } },
    }.CalculateSize();

    private static long Score() => new CandidateScore { CandidateId = "3", Value = 0.7 }.CalculateSize();

    private static long Journal(Picture picture)
    {
        var image = new StoredImage { Digest = Digest, Height = picture.Side, Width = picture.Side, Channels = picture.Channels };
        var segment = new PaidSegment { Key = new string('a', 64), Image = image, Nfe = 20, NetworkRows = 40, Decodes = 1 };
        var finished = new Candidate
        {
            Id = "c000123",
            Round = 3,
            Noise = Expression(),
            Nfe = 20,
            NfePath = 20,
            State = CandidateState.Scored,
            PixelDigest = Digest,
            FromNoiseLevel = 1,
            Steps = 20,
            Scores = { Verifiers.Select(VerifierScore) },
        };
        var shown = new WatchSearchResponse
        {
            EventNumber = 1_000,
            Time = Now(),
            Progress = new Progress { CandidatesDone = 100, CandidatesPlanned = 800, NfeSpent = 2_000, NfeBudget = 16_000, BestScore = 0.7 },
            CandidateFinished = finished,
        };
        return Entry(new JournalEntry { Segment = segment })
            + Verifiers.Sum(verifier => Entry(new JournalEntry { Score = new PaidScore { Key = new string('a', 64), Score = VerifierScore(verifier) } }))
            + Entry(new JournalEntry { Event = shown });
    }

    private static long Entry(JournalEntry entry)
    {
        (entry.Number, entry.Epoch, entry.Time) = (3_000, 1, Now());
        return entry.CalculateSize();
    }

    private static VerifierScore VerifierScore(string verifier) => new() { Verifier = verifier, Value = 0.7 };

    private static Timestamp Now() => new() { Seconds = 1_800_000_000, Nanos = 123_456_789 };

    private static NoiseExpression Expression() => new() { Draw = Address(), Rotations = { new Rotation { Toward = Address(), Cosine = 0.95 } } };

    private static NoiseAddress Address() => new() { Seed = 7, Lineage = { 3, 12 } };

    private sealed record Picture(string Name, int Side, int Channels, int LatentSide, int LatentChannels)
    {
        public long ImageBytes => (long)Side * Side * Channels;

        public long LatentBytes => (long)LatentSide * LatentSide * LatentChannels * sizeof(float);

        public Tensor Image() => TensorMapping.ToMessage(new byte[ImageBytes].AsMemory(), Side, Side, Channels);

        public Tensor Latent() => TensorMapping.Wrap(new float[LatentBytes / sizeof(float)], LatentChannels, LatentSide, LatentSide);
    }
}
