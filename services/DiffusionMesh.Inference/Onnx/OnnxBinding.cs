using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Inference.Onnx;

/// <summary>
/// A network's inputs and outputs tied to memory of the caller's: each run reads what the inputs' memory then holds and
/// writes to the outputs' memory. On the processor a run copies and allocates nothing.
/// </summary>
public sealed class OnnxBinding : IDisposable
{
    private static int _graphs;

    private readonly RunOptions _runOptions = new();
    private readonly List<IDisposable> _owned = [];
    private readonly Action<RunOptions> _run;
    private readonly Lock? _oneAtATime;
    private readonly Action<OnnxBinding> _disposed;
    private int _isDisposed;

    /// <param name="session">The network.</param>
    /// <param name="device">Where it computes; null for the caller's memory.</param>
    /// <param name="inputs">All inputs.</param>
    /// <param name="outputs">The outputs that are wanted.</param>
    /// <param name="disposed">Told when this ends.</param>
    internal OnnxBinding(
        InferenceSession session, SessionDevice? device, ReadOnlySpan<OnnxTensor> inputs, ReadOnlySpan<OnnxTensor> outputs, Action<OnnxBinding> disposed)
    {
        _disposed = disposed;
        _oneAtATime = device?.OneAtATime;
        try
        {
            var (given, wanted) = (Values(inputs), Values(outputs));
            string[] inputNames = Names(inputs), outputNames = Names(outputs);
            if (device is { Allocator: null })
            {
                _run = options => session.Run(options, inputNames, given, outputNames, wanted);
                return;
            }

            var (read, written) = device is null ? (given, wanted) : (OnDevice(device.Allocator!, given), OnDevice(device.Allocator!, wanted));
            var binding = session.CreateIoBinding();
            _owned.Add(binding);
            for (var i = 0; i < read.Length; i++)
            {
                binding.BindInput(inputNames[i], read[i]);
            }

            for (var i = 0; i < written.Length; i++)
            {
                binding.BindOutput(outputNames[i], written[i]);
            }

            if (device is null)
            {
                _run = options => session.RunWithBinding(options, binding);
                return;
            }

            if (device.OneAtATime is not null)
            {
                // A graph remembers its memory, so that each binding has its own.
                _runOptions.AddRunConfigEntry("gpu_graph_id", Interlocked.Increment(ref _graphs).ToString(CultureInfo.InvariantCulture));
            }

            _run = options =>
            {
                device.Copy(given, read);
                session.RunWithBinding(options, binding);
                device.Copy(written, wanted);
            };
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Evaluates the network. Not for two threads at a time.</summary>
    /// <exception cref="InvalidOperationException">
    /// The network refuses the inputs, the outputs have other shapes, or <see cref="OnnxModel.Terminate"/> was called.
    /// </exception>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        _oneAtATime?.Enter();
        try
        {
            _run(_runOptions);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidOperationException($"the network could not be evaluated: {e.Message}", e);
        }
        finally
        {
            _oneAtATime?.Exit();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Release();
            _disposed(this);
        }
    }

    internal void Terminate() => _runOptions.Terminate = true;

    private static string[] Names(ReadOnlySpan<OnnxTensor> tensors)
    {
        var names = new string[tensors.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = tensors[i].Name;
        }

        return names;
    }

    private OrtValue[] Values(ReadOnlySpan<OnnxTensor> tensors)
    {
        var values = new OrtValue[tensors.Length];
        for (var i = 0; i < values.Length; i++)
        {
            _owned.Add(values[i] = tensors[i].ToOrtValue());
        }

        return values;
    }

    private OrtValue[] OnDevice(OrtAllocator allocator, OrtValue[] values)
    {
        var onDevice = new OrtValue[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var type = values[i].GetTensorTypeAndShape();
            _owned.Add(onDevice[i] = OrtValue.CreateAllocatedTensorValue(allocator, type.ElementDataType, type.Shape));
        }

        return onDevice;
    }

    // The binding before the values that it refers to.
    private void Release()
    {
        for (var i = _owned.Count - 1; i >= 0; i--)
        {
            _owned[i].Dispose();
        }

        _runOptions.Dispose();
    }
}
