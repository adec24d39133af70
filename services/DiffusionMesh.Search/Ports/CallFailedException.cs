namespace DiffusionMesh.Search.Ports;

/// <summary>A call to another process failed for good: it was retried where that is safe. The message is for users.</summary>
public sealed class CallFailedException : Exception
{
    public CallFailedException(string message)
        : base(message)
    {
    }

    public CallFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
