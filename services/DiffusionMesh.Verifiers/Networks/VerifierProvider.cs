using DiffusionMesh.Inference.Onnx;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Verifiers.Networks;

/// <summary>Checks that what the verifier is to compute on is there.</summary>
internal sealed class VerifierProvider : IValidateOptions<VerifierOptions>
{
    private const string Setting = $"{VerifierOptions.Section}:{nameof(VerifierOptions.Provider)}";

    public ValidateOptionsResult Validate(string? name, VerifierOptions options) =>
        ProviderRule.Problem(Setting, options.Provider, () => options.Onnx) is { } problem
            ? ValidateOptionsResult.Fail(problem)
            : ValidateOptionsResult.Success;
}
