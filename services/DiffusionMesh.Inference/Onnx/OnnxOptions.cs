namespace DiffusionMesh.Inference.Onnx;

/// <summary>How networks are run.</summary>
public sealed record OnnxOptions
{
    /// <summary>Threads that one evaluation uses; 0 means one for each core.</summary>
    /// <value>Default: 0.</value>
    public int Threads { get; init; }

    /// <summary>The number of threads that this amounts to here.</summary>
    public int EffectiveThreads => Threads > 0 ? Threads : Environment.ProcessorCount;
}
