using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Creation;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using DiffusionMesh.Orchestrator.Telemetry;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Grpc.Core;
using Microsoft.Extensions.Options;
using SearchSpec = DiffusionMesh.Search.SearchSpec;

namespace DiffusionMesh.Orchestrator.Replay;

/// <summary>Finds the verifiers that are to score a search anew.</summary>
internal sealed class RescoringVerifiers(
    VerifierRules rules,
    VerifierMesh mesh,
    IOptions<OrchestratorOptions> options,
    IOptions<TelemetryOptions> telemetry,
    ILogger<RescoringVerifiers> logger)
{
    /// <exception cref="RpcException">As for the verifiers of a search that is created.</exception>
    public async Task<Chosen> ChooseAsync(
        SearchHeader search, IReadOnlyList<VerifierSelection> selections, CancellationToken cancellationToken)
    {
        var spec = SearchSpecMapping.ToDomain(search.Spec);
        var request = search.Spec.Clone();
        request.Verifiers.Clear();
        request.Verifiers.Add(selections);
        request.StopOnHacking = false;
        var violations = new FieldViolations();
        var resolved = await rules.ChooseAsync(request, spec.Condition, violations, cancellationToken, field: "verifiers");
        EnsembleChoice.Check(request, EnsembleChoice.Choose(request, violations), resolved, violations);
        violations.ThrowIfAny();

        spec = spec with { Verifiers = [.. resolved.Select(verifier => verifier.Choice)] };
        var uses = new VerifierUses(mesh, resolved.Select(verifier => verifier.Address));
        var trace = new SearchTrace(search.Id, spec, new PromptPrivacy(spec, telemetry.Value.Prompts), epoch: null, logger, "rescore");
        return new Chosen(
            spec,
            [
                .. resolved.Select((verifier, i) => new RemoteVerifier(
                    verifier.Choice,
                    verifier.Description,
                    new ScoreCalls(verifier.Choice.Name, () => uses[i], new HedgeAllowance(0), options.Value, trace),
                    options.Value.ScoreParallelism)),
            ],
            trace,
            uses);
    }

    /// <param name="Spec">That of the search, with these verifiers in place of its own.</param>
    /// <param name="Ports">In the order of the specification's.</param>
    internal sealed record Chosen(SearchSpec Spec, ImmutableArray<IVerifier> Ports, SearchTrace Trace, VerifierUses Uses) : IDisposable
    {
        public void Dispose()
        {
            Uses.Dispose();
            Trace.Dispose();
        }
    }
}
