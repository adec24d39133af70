using System.Runtime.InteropServices;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Gpu;

/// <summary>A few rows and what a model predicts for them, to compare one way to compute with another.</summary>
internal sealed class Sample
{
    private const int Rows = 8;

    // Convolutions in TF32 have 10 bits of mantissa; a wrong network is off by much more.
    private const double Tolerance = .02;

    private readonly float[] _states;
    private readonly float[] _times = new float[Rows];
    private readonly long[] _labels = new long[Rows];
    private readonly float[] _predictions;

    private Sample(DiffusionModel model)
    {
        var elements = model.Shape.Elements;
        (_states, _predictions) = (new float[Rows * elements], new float[Rows * elements]);
        using var batch = model.CreateBatch(Rows, model.Shape);
        for (var row = 0; row < Rows; row++)
        {
            var state = _states.AsSpan(row * elements, elements);
            NoiseAddress.Of(0, (uint)row).Fill(state);
            _times[row] = (row + 1f) / Rows;
            _labels[row] = model.Manifest.Conditioning.Classes is { } classes ? row % classes.Count : 0;
            batch.Add(state, _times[row], model.EmbedClass((int)_labels[row]));
        }

        model.Evaluate(batch);
        for (var row = 0; row < Rows; row++)
        {
            batch.Prediction(row).CopyTo(_predictions.AsSpan(row * elements));
        }
    }

    public static Sample Evaluate(string folder, OnnxOptions options)
    {
        using var model = DiffusionModel.Load(
            ModelFolder.Open(folder), new DiffusionModelOptions { Onnx = options, MaxBatchRows = Rows, MeasureBatchCurve = false });
        return new Sample(model);
    }

    /// <summary>Largest difference between the predictions, as a part of the largest.</summary>
    public double DifferenceFrom(Sample other) =>
        _predictions.Zip(other._predictions).Max(pair => Math.Abs(pair.First - pair.Second)) / _predictions.Max(Math.Abs);

    public static void RequireSmall(double difference)
    {
        if (!(difference <= Tolerance))
        {
            throw new InvalidOperationException($"predictions differ by {difference:G3} of the largest from the processor's; {Tolerance} is allowed");
        }
    }

    /// <summary>Writes little-endian x.bin [rows, C, H, W], t.bin [rows], class_label.bin [rows] and velocity.bin, as x.</summary>
    public void Save(string folder)
    {
        Write("x", _states);
        Write("t", _times);
        Write("class_label", _labels);
        Write("velocity", _predictions);

        void Write<T>(string name, T[] values)
            where T : unmanaged =>
            File.WriteAllBytes(Path.Combine(folder, name + ".bin"), MemoryMarshal.AsBytes<T>(values).ToArray());
    }
}
