using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Imaging;
using DiffusionMesh.Verifier.Clip;

namespace DiffusionMesh.Functional.Tests.Clip;

/// <summary>The CLIP verifier as it is deployed, over the embedded model.</summary>
public sealed class ClipVerifierFixture : IAsyncLifetime
{
    public RunningHost Host { get; private set; } = null!;

    public VerifierService.VerifierServiceClient Client => new(Host.Channel);

    public static Candidate Candidate(string id, PixelImage image) => new()
    {
        Id = id,
        Images =
        {
            new NamedImage
            {
                Name = "final",
                Kind = ImageKind.Final,
                Image = TensorMapping.ToMessage(image.Pixels, image.Height, image.Width, image.Channels),
            },
        },
    };

    public static ScoreRequest Request(Condition condition, params IEnumerable<PixelImage> images) =>
        new() { Condition = condition, Candidates = { images.Select((image, i) => Candidate($"{i}", image)) } };

    public async Task<double[]> ScoreAsync(Condition condition, params IEnumerable<PixelImage> images)
    {
        var response = await Client.ScoreAsync(Request(condition, images));
        Assert.All(response.Scores, score => Assert.Equal(CandidateScore.OutcomeOneofCase.Value, score.OutcomeCase));
        return [.. response.Scores.Select(score => score.Value)];
    }

    public async Task InitializeAsync() => Host = await RunningHost.StartAsync(ClipVerifierHost.Build, "--Verifier:MaxBatchSize=16");

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
