namespace DiffusionMesh.Inference.Onnx;

/// <summary>Networks cannot be computed as asked for here; the message says why and what to do about it.</summary>
public sealed class ProviderUnavailableException : InvalidOperationException
{
    public ProviderUnavailableException(string reason, string remedy, Exception? innerException = null)
        : base($"CUDA cannot be used: {reason.TrimEnd('.')}. {remedy}, or choose the provider cpu", innerException)
    {
    }
}
