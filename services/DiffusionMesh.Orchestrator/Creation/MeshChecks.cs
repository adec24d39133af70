using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;
using Google.Rpc;
using Grpc.Core;
using Model = DiffusionMesh.Contracts.DenoiserV1.Model;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.Orchestrator.Creation;

/// <summary>
/// Has denoiser and verifiers check what only they know, such as the words of a prompt, before anything is paid. It costs
/// no NFE: the denoiser only validates, verifiers score one empty image.
/// </summary>
internal sealed class MeshChecks(DenoiserMesh denoiser, VerifierMesh verifiers)
{
    // Fields of a Sample call, and the fields of the specification that they come from.
    private static readonly (string Theirs, string Ours)[] DenoiserFields =
    [
        ("trajectories[0].condition", "spec.condition"),
        ("trajectories[0].negative_condition", "spec.negative_condition"),
        ("steps", "spec.steps"),
        ("sampler", "spec.sampler"),
        ("guidance", "spec.guidance"),
        ("options", "spec.sampling"),
    ];

    public async Task RunAsync(ResolvedSearch search, Model model, FieldViolations violations, CancellationToken cancellationToken)
    {
        await CheckDenoiserAsync(search.Spec, search.Spec.Steps, violations, cancellationToken);
        if (search.Spec.FinalSteps > 0 && !violations.Any)
        {
            await CheckDenoiserAsync(search.Spec, search.Spec.FinalSteps, violations, cancellationToken);
        }

        // What the denoiser refuses, verifiers would mostly refuse as well: once is enough.
        if (violations.Any)
        {
            return;
        }

        var empty = EmptySample(model, search.Verifiers);
        foreach (var verifier in search.Verifiers)
        {
            await CheckVerifierAsync(search.Spec, verifier, empty, violations, cancellationToken);
        }
    }

    private async Task CheckDenoiserAsync(SearchSpec spec, int steps, FieldViolations violations, CancellationToken cancellationToken)
    {
        var segment = Segment.Whole(new NoiseExpression.Draw(NoiseAddress.Of(spec.Seed)), steps);
        try
        {
            var request = SampleRequests.Of(spec, new DenoiserTurns("", default), segment, [("0", segment)]);
            await denoiser.CheckAsync(request, SampleCall.Pins(spec), cancellationToken);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.InvalidArgument)
        {
            foreach (var (field, description) in Violations(error))
            {
                var (theirs, ours) = DenoiserFields.FirstOrDefault(pair => field.StartsWith(pair.Theirs, StringComparison.Ordinal));
                violations.Add(theirs is null ? "spec" : ours + field[theirs.Length..], theirs is null ? $"{field}: {description}" : description);
            }
        }
    }

    private async Task CheckVerifierAsync(
        SearchSpec spec,
        ResolvedVerifier verifier,
        SampledSegment empty,
        FieldViolations violations,
        CancellationToken cancellationToken)
    {
        var request = ScoreRequests.Of(verifier.Description, verifier.Choice, [empty], spec.Condition);
        try
        {
            using var use = verifiers.Use(verifier.Address);
            await use.Verifier.ProbeAsync(request, cancellationToken);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.InvalidArgument)
        {
            foreach (var (field, description) in Violations(error))
            {
                violations.Add($"spec.{field}", $"{description} (says verifier '{verifier.Choice.Name}')");
            }
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            // A verifier that fails for other reasons shows that in the search, where it is retried and recorded.
        }
    }

    // A sample as verifiers will get them, to see whether they would take it.
    private static SampledSegment EmptySample(Model model, IEnumerable<ResolvedVerifier> verifiers)
    {
        var image = EmptyImage(model);
        var levels = verifiers.SelectMany(verifier => RemoteVerifier.XPredictionLevelsOf(verifier.Description)).Distinct();
        return new SampledSegment(image, 0, 0, 0) { XPredictions = [.. levels.Select(level => new XPrediction(level, level, image))] };
    }

    private static SampleImage EmptyImage(Model model)
    {
        var shape = model.ImageShape is [> 0 and <= 4096, > 0 and <= 4096, 1 or 3] ? model.ImageShape.ToArray() : [1, 1, 1];
        return new SampleImage(new byte[shape[0] * shape[1] * shape[2]], (int)shape[0], (int)shape[1], (int)shape[2]);
    }

    private static IEnumerable<(string Field, string Description)> Violations(RpcException error) =>
        RpcErrors.Detail<BadRequest>(error) is { FieldViolations.Count: > 0 } bad
            ? bad.FieldViolations.Select(violation => (violation.Field, violation.Description))
            : [("", error.Status.Detail)];
}
