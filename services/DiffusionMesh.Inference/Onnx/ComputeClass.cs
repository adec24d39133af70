using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Inference.Onnx;

/// <summary>Names the arithmetic: within one class the same input gives the same bits.</summary>
public static class ComputeClass
{
    /// <summary>For example "onnxruntime-1.29.0/cpu/x64-avx512/threads-2".</summary>
    public static string Of(OnnxOptions options)
    {
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
        return $"onnxruntime-{OrtEnv.Instance().GetVersionString()}/cpu/{architecture}-{instructions}/threads-{options.EffectiveThreads}";
    }
}
