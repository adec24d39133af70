using System.ComponentModel.DataAnnotations;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Denoiser;

/// <summary>What the denoiser can be told; the limits bound what one request may ask for.</summary>
public sealed class DenoiserOptions
{
    public const string Section = "Denoiser";

    /// <summary>A profile: the same bits alone and in every batch, at the price of padded batches where a network needs them.</summary>
    public const string DeterministicProfile = "deterministic";

    /// <summary>A profile: no batch is padded, whatever that does to the last bits.</summary>
    public const string FastestProfile = "fastest";

    /// <summary>Threads that one evaluation of a network uses; 0 means one for each core.</summary>
    /// <value>Default: 0.</value>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>
    /// What networks are computed on. <c>cpu</c>: the processor; <c>cuda</c>: an NVIDIA device, without which the server
    /// does not start; <c>auto</c>: an NVIDIA device where there is one, else the processor.
    /// </summary>
    /// <value>Default: cpu.</value>
    [AllowedValues("cpu", "cuda", "auto", ErrorMessage = "Denoiser:Provider must be cpu, cuda or auto.")]
    public string Provider { get; set; } = "cpu";

    /// <summary>Which of the NVIDIA devices, counted as CUDA counts them.</summary>
    /// <value>Default: 0.</value>
    [Range(0, 1024)]
    public int DeviceId { get; set; }

    /// <summary>Most memory of the device, in MiB, that one network may take; 0 means all.</summary>
    /// <value>Default: 0.</value>
    [Range(0, 1 << 24)]
    public int DeviceMemoryMiB { get; set; }

    /// <summary>Whether denoisers are captured as CUDA graphs, one for each number of rows.</summary>
    /// <value>Default: false.</value>
    public bool CudaGraphs { get; set; }

    /// <summary><c>deterministic</c>: a row has the same bits alone and in every batch; <c>fastest</c>: it need not.</summary>
    /// <value>Default: deterministic.</value>
    [AllowedValues(DeterministicProfile, FastestProfile, ErrorMessage = $"Denoiser:Profile must be {DeterministicProfile} or {FastestProfile}.")]
    public string Profile { get; set; } = DeterministicProfile;

    /// <summary>
    /// Whether to measure for about a quarter of a second, when a model is loaded, which numbers of rows pay off. If not,
    /// every evaluation takes as many rows as wait and fit.
    /// </summary>
    /// <value>Default: true.</value>
    public bool MeasureBatchCurve { get; set; } = true;

    /// <summary>Whether models can be loaded and unloaded by calls to ModelAdminService.</summary>
    /// <value>Default: false.</value>
    public bool Admin { get; set; }

    /// <summary>Most rows in one evaluation of a network. A guided trajectory takes two.</summary>
    /// <value>Default: 32.</value>
    [Range(2, 4096)]
    public int MaxBatchRows { get; set; } = 32;

    /// <summary>Most trajectories (or latents to decode) in one call.</summary>
    /// <value>Default: 1024.</value>
    [Range(1, 1_000_000)]
    public int MaxTrajectories { get; set; } = 1024;

    /// <summary>Most unfinished trajectories of all calls to one model; calls beyond are told when to come back.</summary>
    /// <value>Default: 8192.</value>
    [Range(1, 10_000_000)]
    public int MaxQueuedTrajectories { get; set; } = 8192;

    /// <summary>Most steps of a segment.</summary>
    /// <value>Default: 1000.</value>
    [Range(1, 100_000)]
    public int MaxSteps { get; set; } = 1000;

    /// <summary>Most evaluations that one call may ask for, over all its trajectories.</summary>
    /// <value>Default: 1000000.</value>
    [Range(1, long.MaxValue)]
    public long MaxNfe { get; set; } = 1_000_000;

    /// <summary>Most positions (height × width) of a latent.</summary>
    /// <value>Default: 65536, that is 256 × 256.</value>
    [Range(1, 16_777_216)]
    public int MaxPixels { get; set; } = 65_536;

    /// <summary>Most rotations in all noise expressions of one call together.</summary>
    /// <value>Default: 16384.</value>
    [Range(0, 10_000_000)]
    public int MaxRotations { get; set; } = 16_384;

    /// <summary>Most x-predictions that may be asked for on the way of a trajectory.</summary>
    /// <value>Default: 64.</value>
    [Range(0, 10_000)]
    public int MaxXPredictions { get; set; } = 64;

    /// <summary>X-predictions that one call may have kept until its trajectories are finished, in MiB.</summary>
    /// <value>Default: 1024.</value>
    [Range(1, 1_000_000)]
    public int MaxXPredictionMebibytes { get; set; } = 1024;

    /// <summary>X-predictions of all calls together, until they are sent, in MiB; calls beyond are told to come back.</summary>
    /// <value>Default: 512.</value>
    [Range(1, 1_000_000)]
    public int MaxKeptMebibytes { get; set; } = 512;

    /// <summary>Largest guidance weight, and the most negative.</summary>
    /// <value>Default: 100.</value>
    [Range(1, 1e6)]
    public double MaxGuidance { get; set; } = 100;

    /// <summary>How many embedded prompts are remembered for each model.</summary>
    /// <value>Default: 256.</value>
    [Range(1, 1_000_000)]
    public int PromptCacheSize { get; set; } = 256;

    internal OnnxOptions Onnx => new()
    {
        Threads = Threads,
        Provider = Enum.Parse<OnnxProvider>(Provider, ignoreCase: true),
        DeviceId = DeviceId,
        DeviceMemoryLimit = (long)DeviceMemoryMiB << 20,
        CudaGraphs = CudaGraphs,
    };
}
