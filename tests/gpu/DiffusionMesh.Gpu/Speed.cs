using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Gpu;

/// <summary>How fast a model's denoiser is: from rows in the process' memory to predictions in the process' memory.</summary>
internal static class Speed
{
    private const int MaxRows = 256;
    private const int ProbedRows = 32;

    public static string Name(OnnxOptions options) => options.CudaGraphs ? "DiffusionMesh, CUDA graphs" : "DiffusionMesh";

    public static IReadOnlyList<BatchPoint> Measure(string folder, OnnxOptions options)
    {
        using var model = DiffusionModel.Load(
            ModelFolder.Open(folder), new DiffusionModelOptions { Onnx = options, MaxBatchRows = MaxRows, Deterministic = false });
        return model.BatchCurve.Points;
    }

    /// <summary>Loads the model as the deterministic profile does.</summary>
    /// <returns>The model, disposed of: what it found out stays readable.</returns>
    public static DiffusionModel Probe(string folder, OnnxOptions options)
    {
        using var model = DiffusionModel.Load(
            ModelFolder.Open(folder), new DiffusionModelOptions { Onnx = options, MaxBatchRows = ProbedRows, MeasureBatchCurve = false });
        return model;
    }
}
