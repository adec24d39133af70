using System.Collections.Immutable;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using DiffusionMesh.Orchestrator.Telemetry;
using DiffusionMesh.Search.Ports;
using Microsoft.Extensions.Options;
using SearchSpec = DiffusionMesh.Search.SearchSpec;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Makes what a search reaches denoisers and verifiers through.</summary>
internal sealed class SearchPorts(
    DenoiserMesh denoiser,
    VerifierMesh verifiers,
    IOptions<OrchestratorOptions> options,
    IOptions<MeshOptions> meshOptions)
{
    public RemoteSampler Sampler(SearchHeader header, SearchSpec spec, SearchTrace trace) => new RemoteSampler(
        spec, new DenoiserTurns(header.Id, header.Spec.Priority), denoiser, Hedges(spec.BudgetNfe), options.Value, trace);

    /// <summary>The verifiers as they described themselves when the search was created, in the order of the specification's.</summary>
    public ImmutableArray<IVerifier> Verifiers(SearchHeader header, SearchSpec spec, SearchTrace trace) =>
    [
        .. spec.Verifiers.Zip(header.Verifiers, verifiers.AddressesOf(header)).Select(verifier => new RemoteVerifier(
            verifier.First,
            verifier.Second.Description,
            new ScoreCalls(
                verifier.First.Name, verifiers[verifier.Third], Hedges(header.CandidatesPlanned), options.Value, trace),
            options.Value.ScoreParallelism)),
    ];

    private HedgeAllowance Hedges(long of) => new(of * Math.Min(meshOptions.Value.HedgePercent, options.Value.MaxWastedPercent) / 100);
}
