using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Has the images of a search scored by other verifiers.</summary>
internal static class RescoreRun
{
    /// <param name="target">The orchestrator that keeps the search; null if a folder does.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        KeptSearch kept, string? target, IReadOnlyList<VerifierArgument> verifiers, Terminal terminal, Interruption interruption)
    {
        kept.RequireEnded("score it anew", evenIfFailed: true);
        using var copy = target is null ? SearchCopy.Of(kept) : null;
        await using var mesh = await MeshAccess.OpenAsync(
            target,
            verifiers.Where(verifier => verifier.Address.Length == 0).Select(verifier => verifier.Name),
            copy?.Data,
            terminal,
            interruption,
            denoiser: false);
        try
        {
            var request = new RescoreSearchRequest
            {
                SearchId = kept.Id,
                Verifiers = { verifiers.Select(verifier => verifier.ToSelection(default, default)) },
            };
            using var call = mesh.Searches.RescoreSearch(request, cancellationToken: interruption.Requested);
            var candidates = new List<RescoredCandidate>();
            RescoreSummary? summary = null;
            await foreach (var scored in call.ResponseStream.ReadAllAsync(interruption.Requested))
            {
                summary = scored.Summary ?? summary;
                if (scored.Candidate is { } candidate)
                {
                    candidates.Add(candidate);
                }
            }

            RescoreTable.Write(
                kept.Id, candidates, summary ?? throw new CommandFailure(ExitCode.Failed, "the orchestrator ended its answer too early"), terminal);
            return ExitCode.Done;
        }
        catch (RpcException error) when (!interruption.Requested.IsCancellationRequested)
        {
            throw mesh.Explain(error);
        }
    }
}
