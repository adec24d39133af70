using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Verifiers.Networks;

namespace DiffusionMesh.Verifiers.Tests.Networks;

/// <summary>Over the embedded classifier: rows of 32 by 32 pixels.</summary>
public sealed class SharedNetworkTests : IDisposable
{
    private const int RowLength = 32 * 32;
    private const int MaxRows = 16;

    // Keeps the network busy for as long as calls need to queue up behind it.
    private const int ManyRows = 4_000;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "models", "fashion-features");

    private readonly SharedNetwork _network = Load(MaxRows);

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task EvaluateAsync_AtEveryPositionOfEveryBatch_GivesTheBitsOfARowAlone()
    {
        var rows = Rows(MaxRows);
        var alone = new List<(float[] Features, float[] Logits)>();
        for (var i = 0; i < MaxRows; i++)
        {
            var outputs = await _network.EvaluateAsync(rows.AsMemory(i * RowLength, RowLength), default);
            alone.Add((outputs[0], outputs[1]));
        }

        for (var size = 2; size <= MaxRows; size++)
        {
            var outputs = await _network.EvaluateAsync(rows.AsMemory(0, size * RowLength), default);
            for (var i = 0; i < size; i++)
            {
                Assert.Equal(alone[i].Features, outputs[0].AsSpan(i * 128, 128).ToArray());
                Assert.Equal(alone[i].Logits, outputs[1].AsSpan(i * 10, 10).ToArray());
            }
        }
    }

    [Fact]
    public async Task EvaluateAsync_MoreRowsThanABatch_GivesTheSameBits()
    {
        var rows = Rows((3 * MaxRows) + 1);
        using var wide = Load((3 * MaxRows) + 1);

        Assert.Equal((await wide.EvaluateAsync(rows, default))[1], (await _network.EvaluateAsync(rows, default))[1]);
        Assert.Equal(1 + 4, _network.Evaluations);
    }

    [Fact]
    public async Task EvaluateAsync_CallsThatWait_ShareEvaluations()
    {
        var row = Rows(1);
        var expected = (await _network.EvaluateAsync(row, default))[1];
        var before = _network.Evaluations;

        var busy = _network.EvaluateAsync(Rows(ManyRows), default);
        var waiting = Enumerable.Range(0, 64).Select(_ => _network.EvaluateAsync(row, default)).ToArray();
        await busy;

        foreach (var call in waiting)
        {
            Assert.Equal(expected, (await call)[1]);
        }

        Assert.Equal((ManyRows / MaxRows) + (64 / MaxRows), _network.Evaluations - before);
    }

    [Fact]
    public async Task EvaluateAsync_CancelledWhileWaiting_IsNeverEvaluatedAndHurtsNobody()
    {
        var row = Rows(1);
        var expected = (await _network.EvaluateAsync(row, default))[1];
        var before = _network.Rows;
        using var cancellation = new CancellationTokenSource();

        var busy = _network.EvaluateAsync(Rows(ManyRows), default);
        var cancelled = Enumerable.Range(0, 8).Select(_ => _network.EvaluateAsync(Rows(3), cancellation.Token)).ToArray();
        var waiting = Enumerable.Range(0, 8).Select(_ => _network.EvaluateAsync(row, default)).ToArray();
        await cancellation.CancelAsync();

        foreach (var call in cancelled)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        foreach (var call in waiting)
        {
            Assert.Equal(expected, (await call)[1]);
        }

        await busy;
        Assert.Equal(ManyRows + 8, _network.Rows - before);
    }

    [Fact]
    public async Task EvaluateAsync_CancelledHalfway_StopsThere()
    {
        var before = _network.Rows;
        using var cancellation = new CancellationTokenSource();

        var call = _network.EvaluateAsync(Rows(ManyRows), cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        var next = await _network.EvaluateAsync(Rows(1), default);
        Assert.Equal(10, next[1].Length);
        Assert.True(_network.Rows - before < ManyRows, $"{_network.Rows - before} rows were evaluated");
    }

    [Fact]
    public async Task Dispose_CallsThatWait_EndAndNoneIsTaken()
    {
        var network = Load(MaxRows);
        var busy = network.EvaluateAsync(Rows(ManyRows), default);
        var waiting = network.EvaluateAsync(Rows(1), default);

        network.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => busy);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => network.EvaluateAsync(Rows(1), default));
    }

    [Theory]
    [InlineData("pixels", "logits")]
    [InlineData("images", "scores")]
    public void Load_AnotherInterface_SaysWhatIsNeeded(string input, string output)
    {
        var error = Assert.Throws<ModelLoadException>(() => Load(MaxRows, input, output));

        Assert.Contains($"components.features must take '{input}' alone and give '{output}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RowsOfAnotherShape_AreRefusedBeforeTheFirstCall()
    {
        var error = Assert.Throws<ModelLoadException>(() => SharedNetwork.Load(
            ModelFolder.Open(Folder), ClassifierManifest.FeaturesComponent, new RowInput("images", 3, 32, 32), ["logits"], new VerifierOptions()));

        Assert.Contains("does not fit the manifest", error.Message, StringComparison.Ordinal);
    }

    private static SharedNetwork Load(int maxRows, string input = "images", params string[] outputs) => SharedNetwork.Load(
        ModelFolder.Open(Folder),
        ClassifierManifest.FeaturesComponent,
        new RowInput(input, 1, 32, 32),
        outputs is [] ? ["features", "logits"] : outputs,
        new VerifierOptions { Threads = 1, MaxNetworkRows = maxRows });

    // [N, 1, 32, 32] in [-1, 1], every row another.
    private static float[] Rows(int count)
    {
        var rows = new float[count * RowLength];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = (float)Math.Sin((i % RowLength * 0.37) + (i / RowLength));
        }

        return rows;
    }
}
