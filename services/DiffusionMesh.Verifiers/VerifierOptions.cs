using System.ComponentModel.DataAnnotations;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Verifiers;

/// <summary>Limits and threads of a verifier, section <c>Verifier</c> of the configuration.</summary>
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

    internal OnnxOptions Onnx => new() { Threads = Threads };
}
