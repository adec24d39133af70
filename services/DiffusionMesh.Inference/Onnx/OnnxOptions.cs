using DiffusionMesh.Inference.Onnx.Cuda;

namespace DiffusionMesh.Inference.Onnx;

/// <summary>How networks are run.</summary>
public sealed record OnnxOptions
{
    /// <summary>Threads that one evaluation uses on the processor; 0 means one for each core that the process may use.</summary>
    /// <value>Default: 0.</value>
    public int Threads { get; init; }

    /// <summary>What to compute on.</summary>
    /// <value>Default: <see cref="OnnxProvider.Cpu"/>.</value>
    public OnnxProvider Provider { get; init; }

    /// <summary>Which of the NVIDIA devices, counted as CUDA counts them.</summary>
    /// <value>Default: 0.</value>
    public int DeviceId { get; init; }

    /// <summary>Most memory of the device, in bytes, that one network may take for weights and values; 0 means all.</summary>
    /// <value>Default: 0.</value>
    public long DeviceMemoryLimit { get; init; }

    /// <summary>
    /// Whether denoisers are captured as CUDA graphs, one for each number of rows: less work to start an evaluation. Every
    /// node of the network must run on the device.
    /// </summary>
    /// <value>Default: false.</value>
    public bool CudaGraphs { get; init; }

    /// <summary>
    /// The number of threads that this amounts to here. The runtime counts the cores of the process: those of its affinity,
    /// and no more than the CPU limit of its container, rounded up.
    /// </summary>
    public int EffectiveThreads => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>Why <see cref="OnnxProvider.Auto"/> became <see cref="OnnxProvider.Cpu"/>; null if it did not.</summary>
    public string? FallbackReason { get; private init; }

    /// <summary>Finds out what can be computed on here.</summary>
    /// <returns>The same with <see cref="OnnxProvider.Cpu"/> or <see cref="OnnxProvider.Cuda"/>.</returns>
    /// <exception cref="ProviderUnavailableException">CUDA was asked for and is not to be had.</exception>
    public OnnxOptions Decide()
    {
        if (Provider == OnnxProvider.Cpu)
        {
            return this;
        }

        try
        {
            CudaDevice.Open(DeviceId);
            return this with { Provider = OnnxProvider.Cuda };
        }
        catch (ProviderUnavailableException e) when (Provider == OnnxProvider.Auto)
        {
            return this with { Provider = OnnxProvider.Cpu, FallbackReason = e.Message };
        }
    }
}
