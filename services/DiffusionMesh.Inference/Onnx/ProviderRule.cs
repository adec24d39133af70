namespace DiffusionMesh.Inference.Onnx;

/// <summary>A server that is to compute on a device, and on nothing else, does not start without it.</summary>
public static class ProviderRule
{
    /// <param name="setting">The setting that chooses the provider, for example <c>Denoiser:Provider</c>.</param>
    /// <param name="provider">What it says, in any case.</param>
    /// <param name="options">What the settings amount to; asked for only if CUDA is wanted.</param>
    /// <returns>What is wrong, and what to do about it; null if nothing is.</returns>
    public static string? Problem(string setting, string provider, Func<OnnxOptions> options)
    {
        if (!string.Equals(provider, nameof(OnnxProvider.Cuda), StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            options().Decide();
            return null;
        }
        catch (ProviderUnavailableException e)
        {
            return $"{setting}: {e.Message}";
        }
    }
}
