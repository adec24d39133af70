using System.Buffers.Binary;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Imaging;
using DiffusionMesh.Metrics;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using static DiffusionMesh.Functional.Tests.Scorers.RunningScorer;

namespace DiffusionMesh.Functional.Tests.Scorers;

/// <summary>The oracle of the distance to real images: what it computes, and the state that it hands on.</summary>
public sealed class FidScorerTests : IAsyncLifetime
{
    private const int Dimension = 128;
    private const int StateLength = 16 + (8 * (Dimension + (Dimension * Dimension)));

    private RunningScorer _oracle = null!;

    public static TheoryData<string, Action<byte[]>> Spoilt => new()
    {
        { "dimension", state => BinaryPrimitives.WriteInt64LittleEndian(state.AsSpan(8), 127) },
        { "count", state => BinaryPrimitives.WriteInt64LittleEndian(state, -5) },
        { "mean", state => BinaryPrimitives.WriteDoubleLittleEndian(state.AsSpan(16), double.NaN) },
        { "symmetry", state => BinaryPrimitives.WriteDoubleLittleEndian(state.AsSpan(16 + (8 * Dimension) + 8), 1e-3) },
    };

    public async Task InitializeAsync() => _oracle = await StartAsync("oracle-fid");

    public async Task DisposeAsync() => await _oracle.DisposeAsync();

    [Fact]
    public async Task Describe_Fid_IsLowerTheBetterAndNeedsState()
    {
        var verifier = await _oracle.DescribeAsync();

        Assert.False(verifier.HigherIsBetter);
        Assert.True(verifier.NeedsState);
        Assert.Equal(0, verifier.Minimum);
    }

    [Fact]
    public async Task Score_EmptyState_IsTheDistanceOfTheStoredSetWithTheCandidate()
    {
        var (fid, stored, features) = await ReferenceAsync();

        var scores = await _oracle.ScoreAsync(Images);

        Assert.Equal(256, stored.Count);
        for (var i = 0; i < scores.Length; i++)
        {
            Assert.Equal(fid.Of(stored.With(Row(features, i))), scores[i], 1e-6);
        }
    }

    [Fact]
    public async Task Score_StateOfAKeptCandidate_IsTheLargerSet()
    {
        var (fid, stored, features) = await ReferenceAsync();
        var set = stored;
        var state = ByteString.Empty;
        for (var kept = 0; kept < 5; kept++)
        {
            var request = _oracle.Request(Images);
            (request.State, request.ReturnState) = (state, true);
            var response = await _oracle.Client.ScoreAsync(request);
            Assert.All(response.Scores, score => Assert.Equal(StateLength, score.State.Length));

            var next = (kept * 7) + 1;
            set = set.With(Row(features, next));
            Assert.Equal(fid.Of(set), response.Scores[next].Value, 1e-6);
            state = response.Scores[next].State;
        }

        var carried = FeatureStatisticsFormat.Read(state.Span);
        Assert.Equal(261, carried.Count);
        Assert.Equal(set.Mean.ToArray(), carried.Mean.ToArray());
        Assert.Equal(set.Covariance.ToArray(), carried.Covariance.ToArray());
    }

    [Fact]
    public async Task Score_StateNotAskedFor_IsNotSent()
    {
        var response = await _oracle.Client.ScoreAsync(_oracle.Request(Images));

        Assert.All(response.Scores, score => Assert.True(score.State.IsEmpty));
    }

    [Fact]
    public async Task Score_GreedyChoice_LowersTheDistance()
    {
        var (fid, stored, _) = await ReferenceAsync();
        var state = ByteString.Empty;
        var best = 0.0;
        for (var kept = 0; kept < 10; kept++)
        {
            var request = _oracle.Request(FashionPhotographs());
            (request.State, request.ReturnState) = (state, true);
            var winner = (await _oracle.Client.ScoreAsync(request)).Scores.MinBy(score => score.Value)!;
            (best, state) = (winner.Value, winner.State);
        }

        Assert.True(best < fid.Of(stored), $"{best} after ten real images, {fid.Of(stored)} before");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(StateLength - 1)]
    [InlineData(StateLength + 8)]
    public async Task Score_StateOfAnotherLength_NamesTheField(int length)
    {
        var request = _oracle.Request(Images[0]);
        request.State = ByteString.CopyFrom(new byte[length]);

        Assert.Equal("state", await RefusedFieldAsync(request));
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task Score_SpoiltState_NamesTheField(string what, Action<byte[]> spoil)
    {
        Assert.NotEmpty(what);
        var asked = _oracle.Request(Images[0]);
        asked.ReturnState = true;
        var state = (await _oracle.Client.ScoreAsync(asked)).Scores[0].State.ToByteArray();
        spoil(state);
        var request = _oracle.Request(Images[0]);
        request.State = ByteString.CopyFrom(state);

        Assert.Equal("state", await RefusedFieldAsync(request));
    }

    [Fact]
    public async Task Score_StateOfAnotherDimension_NamesTheField()
    {
        var request = _oracle.Request(Images[0]);
        request.State = ByteString.CopyFrom(FeatureStatisticsFormat.Write(FeatureStatistics.Of([1, 2, 3, 4], 2)));

        Assert.Equal("state", await RefusedFieldAsync(request));
    }

    private static IEnumerable<PixelImage> FashionPhotographs() => Images.Take(10);

    private static ReadOnlySpan<float> Row(float[] features, int row) => features.AsSpan(row * Dimension, Dimension);

    // Taken another way: by the feature service, and the files beside the model.
    private async Task<(Fid Fid, FeatureStatistics Stored, float[] Features)> ReferenceAsync()
    {
        var client = new FeatureService.FeatureServiceClient(_oracle.Host.Channel);
        var reference = await client.GetReferenceAsync(new GetReferenceRequest());
        var statistics = FeatureStatistics.Create(reference.Count, FeatureServiceTests.Doubles(reference.Mean), FeatureServiceTests.Doubles(reference.Covariance));
        var embedded = await client.EmbedAsync(new EmbedRequest { Images = { Images.Select(image => Final(image).Image) } });
        var features = new float[Images.Count * Dimension];
        TensorMapping.CopyTo(embedded.Features, features);
        var folder = Path.Combine(AppContext.BaseDirectory, "models", "fashion-features");
        return (new Fid(statistics), FeatureStatisticsFormat.Read(await File.ReadAllBytesAsync(Path.Combine(folder, "base_statistics.bin"))), features);
    }

    private async Task<string> RefusedFieldAsync(ScoreRequest request)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _oracle.Client.ScoreAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return Assert.Single(RpcErrors.Detail<BadRequest>(error)!.FieldViolations).Field;
    }
}
