using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Tests.Models;

public sealed class DenoiserNetworkTests
{
    [Fact]
    public void Load_AnotherNetwork_IsEvaluatedInsteadAndDisposedOf()
    {
        Doubling? other = null;
        using (var model = DiffusionModel.Load(
            ModelFolder.Open(Path.Combine(ModelFolderCopy.Originals, "fashion-flow")),
            new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 1 }, Network = own => other = new Doubling(own) }))
        {
            var batch = model.CreateBatch(2, model.Shape);
            batch.Add(Enumerable.Repeat(1f, 1024).ToArray(), .5, model.Unconditional);
            batch.Add(Enumerable.Repeat(3f, 1024).ToArray(), .5, model.Unconditional);
            model.Evaluate(batch);

            Assert.All(batch.Prediction(0).ToArray(), value => Assert.Equal(2, value));
            Assert.All(batch.Prediction(1).ToArray(), value => Assert.Equal(6, value));
            Assert.False(other!.IsDisposed);
        }

        Assert.True(other.IsDisposed);
    }

    private sealed class Doubling(IDenoiserNetwork own) : IDenoiserNetwork
    {
        public bool IsDisposed { get; private set; }

        public void Evaluate(NetworkBatch batch)
        {
            for (var row = 0; row < batch.Rows; row++)
            {
                var prediction = batch.Prediction(row);
                batch.State(row).CopyTo(prediction);
                foreach (ref var value in prediction)
                {
                    value *= 2;
                }
            }
        }

        public void Dispose()
        {
            own.Dispose();
            IsDisposed = true;
        }
    }
}
