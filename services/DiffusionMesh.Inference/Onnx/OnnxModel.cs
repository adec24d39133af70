using System.Collections.Concurrent;
using DiffusionMesh.Inference.Onnx.Cuda;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Inference.Onnx;

/// <summary>One network, loaded and ready to run. Runs may overlap.</summary>
public sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly ConcurrentDictionary<OnnxBinding, byte> _bindings = new();
    private readonly SessionDevice? _device;
    private volatile bool _isTerminated;
    private bool _isDisposed;

    /// <param name="session">Disposed of with this object.</param>
    /// <param name="memory">Of the device that it computes on; null for the processor.</param>
    internal OnnxModel(InferenceSession session, DeviceMemory? memory)
    {
        _session = session;
        _device = memory is null ? null : new SessionDevice(session, memory);
        Inputs = Describe(session.InputMetadata);
        Outputs = Describe(session.OutputMetadata);
    }

    /// <summary>Inputs that must be given, by name: their dimensions, -1 where any size may be given.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Inputs { get; }

    /// <summary>Outputs by name: their dimensions, -1 where the size depends on the inputs.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Outputs { get; }

    internal IReadOnlyDictionary<string, NodeMetadata> InputTypes => _session.InputMetadata;

    internal IReadOnlyDictionary<string, NodeMetadata> OutputTypes => _session.OutputMetadata;

    /// <param name="onnx">Contents of the .onnx file.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="dataFolder">Where the files with its weights are; null if it holds them itself.</param>
    /// <param name="dataFiles">The files that it may read there.</param>
    /// <exception cref="ModelLoadException">The contents are no network that the runtime understands, or want other files.</exception>
    internal static OnnxModel Load(byte[] onnx, OnnxOptions options, string? dataFolder, IReadOnlyList<string> dataFiles)
    {
        foreach (var location in ExternalData.LocationsIn(onnx))
        {
            if (!dataFiles.Contains(location))
            {
                throw new ModelLoadException(
                    $"a network that reads its weights from \"{location}\": put that file into the model's folder and name it, with its SHA-256, in the component's data");
            }
        }

        using var session = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            InterOpNumThreads = 1,
            IntraOpNumThreads = options.EffectiveThreads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };

        if (dataFolder is not null)
        {
            session.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", dataFolder);
        }

        // Threads spin within an evaluation, but not till the next: that would take the cores from everybody else here.
        session.AddSessionConfigEntry("session.force_spinning_stop", "1");
        var device = options.Decide().Provider == OnnxProvider.Cuda ? CudaDevice.Open(options.DeviceId) : null;
        device?.AppendTo(session, options);
        try
        {
            return new OnnxModel(new InferenceSession(onnx, session), device?.Memory(options));
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelLoadException($"not a network that ONNX Runtime can load: {e.Message}", e);
        }
    }

    /// <summary>Ties inputs and outputs to memory, for many runs. The binding ends with this object at the latest.</summary>
    /// <param name="inputs">All of <see cref="Inputs"/>, in any order.</param>
    /// <param name="outputs">Those of <see cref="Outputs"/> that are wanted, with the shapes that they will have.</param>
    /// <exception cref="InvalidOperationException">There is no such input or output, or its elements are of another type.</exception>
    public OnnxBinding Bind(ReadOnlySpan<OnnxTensor> inputs, ReadOnlySpan<OnnxTensor> outputs)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            var binding = new OnnxBinding(_session, _device, inputs, outputs, disposed => _bindings.TryRemove(disposed, out _));
            _bindings.TryAdd(binding, default);
            if (_isTerminated)
            {
                binding.Terminate();
            }

            return binding;
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidOperationException($"the network could not be bound: {e.Message}", e);
        }
    }

    /// <summary>Evaluates the network once, writing straight into the outputs' memory.</summary>
    /// <param name="inputs">All of <see cref="Inputs"/>, in any order.</param>
    /// <param name="outputs">Those of <see cref="Outputs"/> that are wanted, with the shapes that they will have.</param>
    /// <exception cref="InvalidOperationException">The network refuses the inputs, or the outputs have other shapes.</exception>
    public void Run(ReadOnlySpan<OnnxTensor> inputs, ReadOnlySpan<OnnxTensor> outputs)
    {
        using var binding = Bind(inputs, outputs);
        binding.Run();
    }

    /// <summary>Makes evaluations under way, and all to come, fail soon.</summary>
    public void Terminate()
    {
        _isTerminated = true;
        foreach (var binding in _bindings.Keys)
        {
            binding.Terminate();
        }
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        foreach (var binding in _bindings.Keys)
        {
            binding.Dispose();
        }

        _device?.Dispose();
        _session.Dispose();
    }

    private static Dictionary<string, IReadOnlyList<long>> Describe(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        nodes.ToDictionary(node => node.Key, node => (IReadOnlyList<long>)[.. node.Value.Dimensions.Select(d => (long)d)], StringComparer.Ordinal);
}
