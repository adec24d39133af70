using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Models;

/// <summary>How a diffusion model is loaded and run.</summary>
public sealed record DiffusionModelOptions
{
    public OnnxOptions Onnx { get; init; } = new();

    /// <summary>Most rows in one evaluation.</summary>
    /// <value>Default: 32.</value>
    public int MaxBatchRows { get; init; } = 32;

    /// <summary>
    /// Whether a row must give the same bits in every batch, if need be by filling every evaluation up to
    /// <see cref="MaxBatchRows"/>: see <see cref="Determinism"/>.
    /// </summary>
    /// <value>Default: true.</value>
    public bool Deterministic { get; init; } = true;

    /// <summary>Whether to measure the <see cref="BatchCurve"/>, for about a quarter of a second.</summary>
    /// <value>Default: true.</value>
    public bool MeasureBatchCurve { get; init; } = true;

    /// <summary>Puts another network in the place of the model's own, which it is given and then owns.</summary>
    internal Func<IDenoiserNetwork, IDenoiserNetwork>? Network { get; init; }
}
