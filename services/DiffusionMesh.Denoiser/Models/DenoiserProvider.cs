using DiffusionMesh.Inference.Onnx;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>A server that is to compute on a device, and on nothing else, does not start without it.</summary>
internal sealed class ProviderRule : IValidateOptions<DenoiserOptions>
{
    public ValidateOptionsResult Validate(string? name, DenoiserOptions options)
    {
        if (!string.Equals(options.Provider, nameof(OnnxProvider.Cuda), StringComparison.OrdinalIgnoreCase))
        {
            return ValidateOptionsResult.Success;
        }

        try
        {
            options.Onnx.Decide();
            return ValidateOptionsResult.Success;
        }
        catch (ProviderUnavailableException e)
        {
            return ValidateOptionsResult.Fail($"{DenoiserOptions.Section}:{nameof(DenoiserOptions.Provider)}: {e.Message}");
        }
    }
}
