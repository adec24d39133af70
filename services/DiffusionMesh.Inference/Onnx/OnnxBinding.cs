using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Inference.Onnx;

/// <summary>
/// A network's inputs and outputs tied to memory of the caller's: each run reads what the inputs' memory then holds and
/// writes to the outputs' memory, and allocates nothing.
/// </summary>
public sealed class OnnxBinding : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly List<OrtValue> _values = [];
    private readonly Action<OnnxBinding> _disposed;
    private int _isDisposed;

    internal OnnxBinding(InferenceSession session, ReadOnlySpan<OnnxTensor> inputs, ReadOnlySpan<OnnxTensor> outputs, Action<OnnxBinding> disposed)
    {
        (_session, _disposed) = (session, disposed);
        _binding = session.CreateIoBinding();
        try
        {
            foreach (var input in inputs)
            {
                _values.Add(input.ToOrtValue());
                _binding.BindInput(input.Name, _values[^1]);
            }

            foreach (var output in outputs)
            {
                _values.Add(output.ToOrtValue());
                _binding.BindOutput(output.Name, _values[^1]);
            }
        }
        catch
        {
            Dispose();
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
        try
        {
            _session.RunWithBinding(_runOptions, _binding);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidOperationException($"the network could not be evaluated: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _binding.Dispose();
        _values.ForEach(value => value.Dispose());
        _runOptions.Dispose();
        _disposed(this);
    }

    internal void Terminate() => _runOptions.Terminate = true;
}
