using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Tests.Onnx;

/// <summary>What happens where CUDA is asked for and is not to be had; on a machine that has it, that it is taken.</summary>
public sealed class OnnxProviderTests : IDisposable
{
    private readonly ModelFolderCopy _copy = new();

    public void Dispose() => _copy.Dispose();

    [Fact]
    public void Decide_Cpu_StaysWhatItIs()
    {
        var options = new OnnxOptions { Threads = 3 };

        Assert.Same(options, options.Decide());
        Assert.Null(options.FallbackReason);
    }

    [Fact]
    public void Decide_Auto_FallsBackAndSaysWhy()
    {
        var decided = new OnnxOptions { Provider = OnnxProvider.Auto, Threads = 3 }.Decide();

        Assert.NotEqual(OnnxProvider.Auto, decided.Provider);
        Assert.Equal(3, decided.Threads);
        if (decided.Provider == OnnxProvider.Cpu)
        {
            Assert.StartsWith("CUDA cannot be used: ", decided.FallbackReason, StringComparison.Ordinal);
            Assert.EndsWith(", or choose the provider cpu", decided.FallbackReason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Decide_DeviceThatNoMachineHas_IsRefused()
    {
        var error = Assert.Throws<ProviderUnavailableException>(() => new OnnxOptions { Provider = OnnxProvider.Cuda, DeviceId = 1_000_000 }.Decide());

        Assert.StartsWith("CUDA cannot be used: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CudaThatIsNotThere_IsRefusedAndAutoIsWarnedOf()
    {
        var folder = ModelFolder.Open(TinyModel.Add(_copy.Repository, "rowwise"));
        var options = new DiffusionModelOptions { Onnx = new OnnxOptions { Provider = OnnxProvider.Auto, DeviceId = 1_000_000 }, MeasureBatchCurve = false };

        using var model = DiffusionModel.Load(folder, options);

        Assert.StartsWith("CUDA cannot be used: ", Assert.Single(model.Warnings), StringComparison.Ordinal);
        Assert.Contains("/cpu/", model.ComputeClass, StringComparison.Ordinal);
        Assert.Throws<ProviderUnavailableException>(
            () => DiffusionModel.Load(folder, options with { Onnx = options.Onnx with { Provider = OnnxProvider.Cuda } }));
    }

    [Fact]
    public void EffectiveThreads_NoneGiven_IsTheProcessesCores()
    {
        Assert.Equal(Environment.ProcessorCount, new OnnxOptions().EffectiveThreads);
        Assert.Equal(5, new OnnxOptions { Threads = 5 }.EffectiveThreads);
    }
}
