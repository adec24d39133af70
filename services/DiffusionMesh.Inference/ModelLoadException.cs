namespace DiffusionMesh.Inference;

/// <summary>A model folder cannot be used; the message says which file or field is wrong and what to do about it.</summary>
public sealed class ModelLoadException : IOException
{
    public ModelLoadException(string message)
        : base(message)
    {
    }

    public ModelLoadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
