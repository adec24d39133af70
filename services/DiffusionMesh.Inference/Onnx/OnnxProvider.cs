namespace DiffusionMesh.Inference.Onnx;

/// <summary>What networks are computed on.</summary>
public enum OnnxProvider
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>An NVIDIA device, or nothing.</summary>
    Cuda,

    /// <summary>An NVIDIA device where there is one, else the processor.</summary>
    Auto,
}
