using System.Globalization;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Tests.Models;

/// <summary>Runs alone: it watches the memory of the whole process.</summary>
[Collection(Alone)]
public sealed class UnloadingTests
{
    private const string Alone = "Alone";
    private const int WarmUps = 4;
    private const int Rounds = 16;
    private const long Tolerance = 16L << 20;

    [Fact]
    public void Dispose_ModelLoadedOverAndOver_GivesItsMemoryBack()
    {
        for (var i = 0; i < WarmUps; i++)
        {
            LoadUseAndUnload();
        }

        var before = PrivateBytes();
        for (var i = 0; i < Rounds; i++)
        {
            LoadUseAndUnload();
        }

        Assert.InRange(PrivateBytes() - before, long.MinValue, Tolerance);
    }

    private static void LoadUseAndUnload()
    {
        using var model = DiffusionModel.Load(
            ModelFolder.Open(Path.Combine(ModelFolderCopy.Originals, "fashion-flow")),
            new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 1 }, MaxBatchRows = 16, MeasureBatchCurve = false });
        using var batch = model.CreateBatch(16, model.Shape);
        for (var row = 0; row < 16; row++)
        {
            batch.Add(new float[model.Shape.Elements], .5, model.Unconditional);
        }

        model.Evaluate(batch);
    }

    private static long PrivateBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        const string rollup = "/proc/self/smaps_rollup";
        return File.Exists(rollup)
            ? File.ReadLines(rollup).Where(line => line.StartsWith("Private_", StringComparison.Ordinal))
                .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10)
            : Environment.WorkingSet;
    }

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class Collection;
}
