using DiffusionMesh.Inference.Onnx;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>Checks that what the denoiser is to compute on is there.</summary>
internal sealed class DenoiserProvider : IValidateOptions<DenoiserOptions>
{
    private const string Setting = $"{DenoiserOptions.Section}:{nameof(DenoiserOptions.Provider)}";

    public ValidateOptionsResult Validate(string? name, DenoiserOptions options) =>
        ProviderRule.Problem(Setting, options.Provider, () => options.Onnx) is { } problem
            ? ValidateOptionsResult.Fail(problem)
            : ValidateOptionsResult.Success;
}
