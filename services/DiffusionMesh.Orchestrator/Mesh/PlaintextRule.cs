using DiffusionMesh.Transport;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>Refuses to start where calls to configured services would leave this machine in plaintext unasked.</summary>
internal sealed class PlaintextRule(IServiceProvider services) : IValidateOptions<OrchestratorOptions>
{
    public ValidateOptionsResult Validate(string? name, OrchestratorOptions options)
    {
        // Made of settings that are checked as well, and must not stop the others from being.
        var transport = services.GetRequiredService<MeshTransport>();
        var refusals = options.Verifiers.Values.Append(options.Denoiser)
            .Where(MeshAddress.IsValid)
            .Select(address => transport.Refusal(new Uri(address)))
            .OfType<string>()
            .ToList();
        return refusals.Count > 0 ? ValidateOptionsResult.Fail(refusals) : ValidateOptionsResult.Success;
    }
}
