using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Functional.Tests.Clip;
using DiffusionMesh.Imaging;
using Google.Protobuf;
using Condition = DiffusionMesh.Contracts.TensorV1.Condition;
using VerifierMessage = DiffusionMesh.Contracts.VerifierV1.Verifier;

namespace DiffusionMesh.Functional.Tests.Scorers;

/// <summary>A scorer's host, with images to score.</summary>
internal sealed class RunningScorer : IAsyncDisposable
{
    private RunningScorer(ScorerCase scorer, RunningHost host) => (Case, Host) = (scorer, host);

    public ScorerCase Case { get; }

    public RunningHost Host { get; }

    public VerifierService.VerifierServiceClient Client => new(Host.Channel);

    /// <summary>Photographs and what a search meets besides: inverted, faded, shifted and noisy ones. All differ.</summary>
    public static IReadOnlyList<PixelImage> Images { get; } =
    [
        .. FashionImages.Padded,
        .. FashionImages.Padded.Select(image => Change(image, (value, _) => 255 - value)),
        .. FashionImages.Padded.Select(image => Change(image, (value, _) => value / 2)),
        .. FashionImages.Padded.Select(image => Change(image, (value, i) => value + (i * 7919 % 64) - 32)),
    ];

    public static async Task<RunningScorer> StartAsync(string name, params string[] args)
    {
        var scorer = ScorerCase.All[name];
        return new RunningScorer(scorer, await RunningHost.StartAsync(scorer.Build, [.. scorer.Mode, .. args]));
    }

    public static PixelImage Change(PixelImage image, Func<int, int, int> change) => new(
        image.Width, image.Height, image.Channels, image.Pixels.ToArray().Select((value, i) => (byte)Math.Clamp(change(value, i), 0, 255)).ToArray());

    public static NamedImage Final(PixelImage image) => new()
    {
        Name = "final",
        Kind = ImageKind.Final,
        Image = TensorMapping.ToMessage(image.Pixels, image.Height, image.Width, image.Channels),
    };

    public static NamedImage XPrediction(PixelImage image, double level = 0.4) => new()
    {
        Name = "x_prediction",
        Kind = ImageKind.XPrediction,
        NoiseLevel = level,
        Image = TensorMapping.ToMessage(image.Pixels, image.Height, image.Width, image.Channels),
    };

    /// <summary>A candidate with every image that any scorer asks for; the x-prediction is a faded sample.</summary>
    public static Candidate Candidate(string id, PixelImage image) =>
        new() { Id = id, Images = { Final(image), XPrediction(Change(image, (value, i) => (value / 2) + (i % 32))) } };

    public ScoreRequest Request(params IEnumerable<PixelImage> images) =>
        new() { Condition = Case.Condition, Candidates = { images.Select((image, i) => Candidate($"{i}", image)) } };

    public async Task<VerifierMessage> DescribeAsync() => (await Client.DescribeAsync(new DescribeRequest())).Verifier;

    public async Task<double[]> ScoreAsync(IEnumerable<PixelImage> images, Condition? condition = null, ByteString? state = null, CancellationToken cancellationToken = default)
    {
        var request = Request(images);
        request.Condition = condition ?? request.Condition;
        request.State = state ?? ByteString.Empty;
        return Values(await Client.ScoreAsync(request, cancellationToken: cancellationToken));
    }

    public static double[] Values(ScoreResponse response)
    {
        Assert.All(response.Scores, score => Assert.Equal((CandidateScore.OutcomeOneofCase.Value, ""), (score.OutcomeCase, score.Error?.Message ?? "")));
        return [.. response.Scores.Select(score => score.Value)];
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
