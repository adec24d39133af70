using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Inference.Models;

/// <summary>Rows by number, made up for measuring a model: different numbers differ in state, time and condition.</summary>
internal sealed class ProbeRows(DiffusionModel model, int maxRows)
{
    private readonly int _textDimension = model.Manifest.Conditioning.Text?.Dimension ?? 0;
    private readonly int _classes = model.Manifest.Conditioning.Classes?.Count ?? 0;

    /// <inheritdoc cref="DeterminismProbe.Evaluation"/>
    public float[][] Evaluate(int rows, int[] positions, int neighbours)
    {
        using var batch = model.CreateBatch(rows, model.Shape);
        for (var row = 0; row < rows; row++)
        {
            Add(batch, positions.Contains(row) ? 0 : (neighbours * maxRows) + row + 1);
        }

        model.Evaluate(batch);
        return [.. positions.Select(row => batch.Prediction(row).ToArray())];
    }

    /// <summary>Measures how long evaluations take.</summary>
    public BatchCurve MeasureCurve()
    {
        using var batch = model.CreateBatch(maxRows, model.Shape);
        var state = new float[model.Shape.Elements];
        NoiseAddress.Of(0, 0).Fill(state);
        return BatchCurveMeasurement.Measure(
            rows =>
            {
                batch.Clear();
                for (var row = 0; row < rows; row++)
                {
                    batch.Add(state, model.Form.NoisiestTime, model.Unconditional);
                }

                model.Evaluate(batch);
            },
            maxRows);
    }

    private void Add(NetworkBatch batch, int number)
    {
        var address = NoiseAddress.Of(0, (uint)number);
        var state = new float[model.Shape.Elements];
        var text = new float[_textDimension];
        address.Fill(state);
        address.Fill(text);
        var label = _classes > 0 ? number % _classes : model.Unconditional.ClassLabel;
        batch.Add(state, model.Form.NoisiestTime / (1 + (number % 5)), new ConditionEmbedding(label, text));
    }
}
