using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Tests.Models;

public sealed class NetworkBatchTests : IDisposable
{
    private const int Evaluations = 10;

    private readonly DiffusionModel _model = DiffusionModel.Load(
        ModelFolder.Open(Path.Combine(ModelFolderCopy.Originals, "fashion-flow")), new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 1 } });

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Evaluate_RowCountsSeenBefore_AllocatesNextToNothing()
    {
        using var batch = _model.CreateBatch(3, _model.Shape);
        var state = new float[_model.Shape.Elements];
        for (var rows = 1; rows <= 3; rows++)
        {
            EvaluateRows(batch, state, rows);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Evaluations; i++)
        {
            EvaluateRows(batch, state, 1 + (i % 3));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Evaluations * 256);
    }

    [Fact]
    public void Add_Scale_IsWhatTheNetworkSees()
    {
        using var batch = _model.CreateBatch(2, _model.Shape);
        var state = Enumerable.Range(0, _model.Shape.Elements).Select(i => MathF.Sin(i)).ToArray();

        var plain = batch.Add(state, 1, _model.Unconditional);
        var scaled = batch.Add(state, 1, _model.Unconditional, .25);

        Assert.Equal(state, batch.State(plain).ToArray());
        Assert.Equal(state.Select(value => value / 4), batch.State(scaled).ToArray());
    }

    [Fact]
    public void Evaluate_AfterCollections_StillWritesToTheBatch()
    {
        using var batch = _model.CreateBatch(2, _model.Shape);
        var state = Enumerable.Range(0, _model.Shape.Elements).Select(i => MathF.Sin(i)).ToArray();
        EvaluateRows(batch, state, 2);
        var expected = batch.Prediction(1).ToArray();

        batch.Prediction(1).Clear();
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        EvaluateRows(batch, state, 2);

        Assert.Equal(expected, batch.Prediction(1).ToArray());
    }

    [Fact]
    public void Evaluate_BatchOfAnotherModelBefore_IsBoundAnew()
    {
        using var other = DiffusionModel.Load(
            ModelFolder.Open(Path.Combine(ModelFolderCopy.Originals, "fashion-flow")), new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 1 } });
        using var batch = _model.CreateBatch(1, _model.Shape);
        EvaluateRows(batch, new float[_model.Shape.Elements], 1);
        var expected = batch.Prediction(0).ToArray();

        _model.Dispose();
        batch.Prediction(0).Clear();
        EvaluateRows(other, batch, new float[_model.Shape.Elements], 1);

        Assert.Equal(expected, batch.Prediction(0).ToArray());
    }

    [Fact]
    public void Add_MoreRowsThanFit_IsRefused()
    {
        using var batch = _model.CreateBatch(1, _model.Shape);
        batch.Add(new float[_model.Shape.Elements], .5, _model.Unconditional);

        Assert.ThrowsAny<ArgumentException>(() => batch.Add(new float[_model.Shape.Elements], .5, _model.Unconditional));
    }

    private void EvaluateRows(NetworkBatch batch, float[] state, int rows) => EvaluateRows(_model, batch, state, rows);

    private static void EvaluateRows(DiffusionModel model, NetworkBatch batch, float[] state, int rows)
    {
        batch.Clear();
        for (var row = 0; row < rows; row++)
        {
            batch.Add(state, .5, model.Unconditional);
        }

        model.Evaluate(batch);
    }
}
