using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Inference.Onnx;

/// <summary>How a network that is computed on a device reaches the caller's memory.</summary>
/// <param name="Info">
/// The device's memory, to which inputs are copied before a run and from which outputs are copied after it; null to let
/// the runtime copy.
/// </param>
/// <param name="CapturesGraphs">Whether runs are captured as graphs, which must not overlap.</param>
internal sealed record DeviceMemory(OrtMemoryInfo? Info, bool CapturesGraphs = false)
{
    /// <summary>Copies values to others, to the device and back.</summary>
    public Action<OrtValue[], OrtValue[]> Copy { get; init; } = static (from, to) => OrtEnv.Instance().CopyTensors(from, to, null);
}

/// <summary>A session's share of a device.</summary>
internal sealed class SessionDevice(InferenceSession session, DeviceMemory memory) : IDisposable
{
    /// <summary>Null to let the runtime copy.</summary>
    public OrtAllocator? Allocator { get; } = memory.Info is null ? null : new OrtAllocator(session, memory.Info);

    /// <inheritdoc cref="DeviceMemory.Copy"/>
    public Action<OrtValue[], OrtValue[]> Copy { get; } = memory.Copy;

    /// <summary>Held during runs that must not overlap; null if they may.</summary>
    public Lock? OneAtATime { get; } = memory.CapturesGraphs ? new Lock() : null;

    public void Dispose() => Allocator?.Dispose();
}
