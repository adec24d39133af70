namespace DiffusionMesh.Transport;

/// <summary>A file that a setting names cannot be used.</summary>
/// <param name="setting">Which setting.</param>
/// <param name="problem">What is wrong with the file; names it.</param>
public sealed class TransportFileException(string setting, string problem, Exception? inner = null) : IOException($"{setting}: {problem}", inner)
{
    public string Setting { get; } = setting;

    public string Problem { get; } = problem;

    /// <summary>Opens what a setting names.</summary>
    /// <exception cref="TransportFileException">It cannot be used.</exception>
    public static T Naming<T>(string setting, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (IOException error)
        {
            throw new TransportFileException(setting, error.Message, error);
        }
    }
}
