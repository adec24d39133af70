using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Tests.Models;

public sealed class DeterminismTests : IDisposable
{
    private readonly ModelFolderCopy _copy = new();

    public void Dispose() => _copy.Dispose();

    [Theory]
    [InlineData("rowwise", true, Determinism.Exact)]
    [InlineData("rowwise", false, Determinism.Exact)]
    [InlineData("batch-size", true, Determinism.Padded)]
    [InlineData("batch-size", false, Determinism.None)]
    [InlineData("neighbours", true, Determinism.None)]
    public void Load_Network_FindsWhatARowDependsOn(string network, bool deterministic, Determinism expected)
    {
        using var model = Load(network, deterministic);

        Assert.Equal(expected, model.Determinism);
        Assert.Equal(expected == Determinism.None ? 1 : 0, model.Warnings.Count);
        Assert.EndsWith(
            expected switch { Determinism.Padded => "/threads-1/rows-9", Determinism.None => "/threads-1/batch-dependent", _ => "/threads-1" },
            model.ComputeClass,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fashion-flow")]
    [InlineData("fashion-flow-small")]
    [InlineData("fashion-vp")]
    [InlineData("fashion-latent")]
    public void Load_EmbeddedModel_IsExact(string name)
    {
        using var model = DiffusionModel.Load(
            ModelFolder.Open(Path.Combine(ModelFolderCopy.Originals, name)), new DiffusionModelOptions { MeasureBatchCurve = false });

        Assert.Equal(Determinism.Exact, model.Determinism);
    }

    [Theory]
    [InlineData("rowwise")]
    [InlineData("batch-size")]
    public void Evaluate_RowInAnyBatch_GivesTheBitsOfTheRowAlone(string network)
    {
        using var model = Load(network);
        var alone = Evaluate(model, 1, 0);

        for (var rows = 2; rows <= 9; rows++)
        {
            for (var position = 0; position < rows; position++)
            {
                Assert.Equal(alone, Evaluate(model, rows, position));
            }
        }
    }

    [Fact]
    public void Evaluate_PaddedAfterALargerBatch_KeepsNothingOfIt()
    {
        using var model = Load("batch-size");
        using var batch = model.CreateBatch(9, model.Shape);
        batch.Add(State(0), .25, model.Unconditional);
        model.Evaluate(batch);
        var expected = batch.Prediction(0).ToArray();

        batch.Clear();
        for (var row = 0; row < 9; row++)
        {
            batch.Add(State(row + 1), .5, model.Unconditional);
        }

        model.Evaluate(batch);
        batch.Clear();
        batch.Add(State(0), .25, model.Unconditional);
        model.Evaluate(batch);

        Assert.Equal(1, batch.Rows);
        Assert.Equal(expected, batch.Prediction(0).ToArray());
    }

    [Fact]
    public void Measure_DependsOnThePositionAlone_IsNone()
    {
        float[][] ByPosition(int rows, int[] positions, int neighbours) => [.. positions.Select(position => new[] { (float)position })];

        Assert.Equal(Determinism.None, new DeterminismProbe(ByPosition, 4).Measure(mayPad: true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Measure_FewRowsAtMost_NeverAsksForMore(int maxRows)
    {
        float[][] Bounded(int rows, int[] positions, int neighbours)
        {
            Assert.InRange(rows, 1, maxRows);
            Assert.All(positions, position => Assert.InRange(position, 0, rows - 1));
            return [.. positions.Select(_ => new[] { float.NaN })];
        }

        Assert.Equal(Determinism.Exact, new DeterminismProbe(Bounded, maxRows).Measure(mayPad: true));
    }

    private static float[] Evaluate(DiffusionModel model, int rows, int position)
    {
        using var batch = model.CreateBatch(rows, model.Shape);
        for (var row = 0; row < rows; row++)
        {
            batch.Add(State(row == position ? 0 : row + 1), .5, model.Unconditional);
        }

        model.Evaluate(batch);
        return batch.Prediction(position).ToArray();
    }

    private static float[] State(int number)
    {
        var state = new float[64];
        NoiseAddress.Of(1, (uint)number).Fill(state);
        return state;
    }

    private DiffusionModel Load(string network, bool deterministic = true) => DiffusionModel.Load(
        ModelFolder.Open(TinyModel.Add(_copy.Repository, network)),
        new DiffusionModelOptions
        {
            Onnx = new OnnxOptions { Threads = 1 },
            MaxBatchRows = 9,
            Deterministic = deterministic,
            MeasureBatchCurve = false,
        });
}
