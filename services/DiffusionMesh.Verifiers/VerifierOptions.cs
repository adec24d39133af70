using System.ComponentModel.DataAnnotations;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Verifiers;

/// <summary>What a verifier computes on and what bounds it, section <c>Verifier</c> of the configuration.</summary>
public sealed class VerifierOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Verifier";

    /// <summary>What is wrong if <see cref="QueueHoldsACall"/> is false.</summary>
    public const string QueueRule = $"{Section}:{nameof(MaxQueuedCandidates)} must not be below {Section}:{nameof(MaxBatchSize)}";

    /// <summary>Threads that one evaluation uses; 0 means one for each core. Part of the compute class.</summary>
    /// <value>Default: 0.</value>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>
    /// What networks are computed on. <c>cpu</c>: the processor; <c>cuda</c>: an NVIDIA device, without which the server
    /// does not start; <c>auto</c>: an NVIDIA device where there is one, else the processor. Part of the compute class.
    /// </summary>
    /// <value>Default: cpu.</value>
    [AllowedValues("cpu", "cuda", "auto", ErrorMessage = $"{Section}:{nameof(Provider)} must be cpu, cuda or auto.")]
    public string Provider { get; set; } = "cpu";

    /// <summary>Which of the NVIDIA devices, counted as CUDA counts them.</summary>
    /// <value>Default: 0.</value>
    [Range(0, 1024)]
    public int DeviceId { get; set; }

    /// <summary>Most memory of the device, in MiB, that one network may take; 0 means all.</summary>
    /// <value>Default: 0.</value>
    [Range(0, 1 << 24)]
    public int DeviceMemoryMiB { get; set; }

    /// <summary>Most candidates in one call.</summary>
    /// <value>Default: 64.</value>
    [Range(1, 4096)]
    public int MaxBatchSize { get; set; } = 64;

    /// <summary>Most pixels (width times height) of one image.</summary>
    /// <value>Default: 4,194,304 (2048 by 2048).</value>
    [Range(1, 1 << 26)]
    public int MaxImagePixels { get; set; } = 1 << 22;

    /// <summary>Most images of one candidate.</summary>
    /// <value>Default: 16.</value>
    [Range(1, 256)]
    public int MaxImagesPerCandidate { get; set; } = 16;

    /// <summary>Largest state that is accepted, in bytes.</summary>
    /// <value>Default: 16 MiB.</value>
    [Range(0, 1 << 30)]
    public int MaxStateBytes { get; set; } = 1 << 24;

    /// <summary>Most candidates of all calls that are unfinished; calls beyond are told when to come back.</summary>
    /// <value>Default: 1024.</value>
    [Range(1, 1_000_000)]
    public int MaxQueuedCandidates { get; set; } = 1024;

    /// <summary>Most rows in one evaluation of a network. Calls that wait share evaluations.</summary>
    /// <value>Default: 64.</value>
    [Range(1, 4096)]
    public int MaxNetworkRows { get; set; } = 64;

    /// <summary>Whether a full call fits into the queue.</summary>
    public static bool QueueHoldsACall(VerifierOptions options) => options.MaxQueuedCandidates >= options.MaxBatchSize;

    internal OnnxOptions Onnx => new()
    {
        Threads = Threads,
        Provider = Enum.Parse<OnnxProvider>(Provider, ignoreCase: true),
        DeviceId = DeviceId,
        DeviceMemoryLimit = (long)DeviceMemoryMiB << 20,
    };
}
