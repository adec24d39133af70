using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Inference.Onnx.Cuda;

/// <summary>An NVIDIA device that ONNX Runtime was seen to compute on. Opened once, for as long as the process lives.</summary>
internal sealed class CudaDevice
{
    private const string Provider = "CUDAExecutionProvider";
    private const string Registration = "cuda";
    private const string Remedy = "Install CUDA 13 and cuDNN 9 where the loader finds them";

    // y = x over floats [N]; says whether the device computes.
    private static readonly byte[] Identity = Convert.FromBase64String(
        "CAgSADo6ChAKAXgSAXkiCElkZW50aXR5EgJpZFoQCgF4EgsKCQgBEgUKAxIBTmIQCgF5EgsKCQgBEgUKAxIBTkIECgAQEQ==");

    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, CudaDevice> Opened = [];
    private static bool _isRegistered;

    private readonly int _id;
    private readonly OrtEpDevice? _plugin;
    private readonly OrtMemoryInfo? _memory;

    private CudaDevice(int id, string name, OrtEpDevice? plugin)
    {
        (_id, Name, _plugin) = (id, name, plugin);
        Try(new DeviceMemory(null));
        _memory = plugin?.GetMemoryInfo(OrtDeviceMemoryType.DEFAULT);
        if (_memory is not null && !CanCopy())
        {
            _memory = null;
        }
    }

    /// <summary>For example "NVIDIA H200".</summary>
    public string Name { get; }

    /// <exception cref="ProviderUnavailableException">It cannot be used.</exception>
    public static CudaDevice Open(int id)
    {
        lock (Gate)
        {
            if (!Opened.TryGetValue(id, out var device))
            {
                var name = CudaDriver.NameOf(id);
                try
                {
                    device = new CudaDevice(id, name, FindPlugin(id));
                }
                catch (OnnxRuntimeException e)
                {
                    throw new ProviderUnavailableException(e.Message, Remedy, e);
                }

                Opened.Add(id, device);
            }

            return device;
        }
    }

    /// <summary>How networks with these options reach the caller's memory.</summary>
    public DeviceMemory Memory(OnnxOptions options) => new(_memory, options.CudaGraphs && _memory is not null);

    /// <summary>Makes a session compute on the device.</summary>
    public void AppendTo(SessionOptions session, OnnxOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            // An exhaustive search may choose otherwise at each start, and with it other bits; it also tries every row count anew.
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            ["arena_extend_strategy"] = "kSameAsRequested",
        };
        if (options.DeviceMemoryLimit > 0)
        {
            settings["gpu_mem_limit"] = options.DeviceMemoryLimit.ToString(CultureInfo.InvariantCulture);
        }

        if (Memory(options).CapturesGraphs)
        {
            settings["enable_cuda_graph"] = "1";
        }

        if (_plugin is not null)
        {
            session.AppendExecutionProvider(OrtEnv.Instance(), [_plugin], settings);
            return;
        }

        settings["device_id"] = _id.ToString(CultureInfo.InvariantCulture);
        using var provider = new OrtCUDAProviderOptions();
        provider.UpdateOptions(settings);
        session.AppendExecutionProvider_CUDA(provider);
    }

    // The published package has the provider built in; beside a runtime without, its library is registered by path.
    private static OrtEpDevice? FindPlugin(int id)
    {
        var isBuiltIn = OrtEnv.Instance().GetAvailableProviders().Contains(Provider);
        var file = OperatingSystem.IsWindows() ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so";
        string[] folders = [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native")];
        var library = folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        if (isBuiltIn || library is null)
        {
            return isBuiltIn ? null : throw new ProviderUnavailableException(
                $"{file} is not beside the program", "Build with -p:Cuda=true, or with -p:UpstreamFeed=true where the full package feed can be reached");
        }

        if (!_isRegistered)
        {
            OrtEnv.Instance().RegisterExecutionProviderLibrary(Registration, library);
            _isRegistered = true;
        }

        return OrtEnv.Instance().GetEpDevices().Where(device => device.EpName == Provider).ElementAtOrDefault(id)
            ?? throw new ProviderUnavailableException($"the CUDA provider offers no device {id}", Remedy);
    }

    private bool CanCopy()
    {
        try
        {
            Try(new DeviceMemory(_memory));
            return true;
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidOperationException)
        {
            return false;
        }
    }

    private void Try(DeviceMemory memory)
    {
        using var options = new SessionOptions();
        AppendTo(options, new OnnxOptions());
        using var network = new OnnxModel(new InferenceSession(Identity, options), memory);
        var (given, found) = (new float[] { 1, 2, 3 }, new float[3]);
        network.Run([new OnnxTensor("x", given, 3)], [new OnnxTensor("y", found, 3)]);
        if (!given.SequenceEqual(found))
        {
            throw new InvalidOperationException($"{Name} does not give back what it was given");
        }
    }
}
