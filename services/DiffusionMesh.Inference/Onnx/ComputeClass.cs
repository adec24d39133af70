using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using DiffusionMesh.Inference.Onnx.Cuda;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Inference.Onnx;

/// <summary>Names the arithmetic: within one class the same input gives the same bits.</summary>
public static partial class ComputeClass
{
    /// <summary>For example "onnxruntime-1.29.0/cpu/x64-avx512/threads-2", or "onnxruntime-1.29.0/cuda/nvidia-h200".</summary>
    public static string Of(OnnxOptions options)
    {
        var runtime = "onnxruntime-" + OrtEnv.Instance().GetVersionString();
        if (options.Decide().Provider == OnnxProvider.Cuda)
        {
            return $"{runtime}/cuda/{Slug(CudaDevice.Open(options.DeviceId).Name)}";
        }

        var architecture = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            var other => other.ToString().ToUpperInvariant(),
        };
        var instructions = Avx512F.IsSupported ? "avx512"
            : Avx2.IsSupported ? "avx2"
            : AdvSimd.IsSupported ? "neon"
            : "baseline";
        return $"{runtime}/cpu/{architecture}-{instructions}/threads-{options.EffectiveThreads}";
    }

    private static string Slug(string name) => NotInSlugs().Replace(name.ToLowerInvariant(), "-").Trim('-');

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInSlugs();
}
