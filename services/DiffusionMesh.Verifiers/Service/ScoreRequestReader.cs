using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Verifiers.Scoring;
using ConditionKind = DiffusionMesh.Verifiers.Scoring.ConditionKind;

namespace DiffusionMesh.Verifiers.Service;

/// <summary>Checks a request as a whole, before anything is allocated for it, and reads it.</summary>
internal sealed class ScoreRequestReader(IScorer scorer, VerifierOptions limits)
{
    private const int MaxIdLength = 256;

    private readonly CandidateReader _candidates = new(scorer.Description, limits);

    /// <summary>Reads a request; a candidate that cannot be scored becomes an error of its own.</summary>
    /// <exception cref="Grpc.Core.RpcException">
    /// FAILED_PRECONDITION if other weights were pinned, INVALID_ARGUMENT if the request makes no sense.
    /// </exception>
    public ScoreRequestReading Read(ScoreRequest request)
    {
        RequireWeights(request.WeightsDigest);

        var violations = new FieldViolations();
        var condition = ReadCondition(request.Condition, violations);
        RequireState(request.State.Span, violations);
        RequireCandidates(request, violations);
        violations.ThrowIfAny();

        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var readings = ImmutableArray.CreateBuilder<CandidateReading>(request.Candidates.Count);
        for (var i = 0; i < request.Candidates.Count; i++)
        {
            var field = $"candidates[{i}]";
            RequireUniqueId(request.Candidates[i].Id, i, ids, violations);
            readings.Add(_candidates.Read(request.Candidates[i], field, violations));
        }

        violations.ThrowIfAny();
        return new ScoreRequestReading(condition, readings.MoveToImmutable());
    }

    private static void RequireUniqueId(string id, int index, Dictionary<string, int> ids, FieldViolations violations)
    {
        var field = $"candidates[{index}].id";
        if (violations.Require(id.Length is > 0 and <= MaxIdLength, field, $"has {id.Length} characters; send 1 to {MaxIdLength}")
            && !ids.TryAdd(id, index))
        {
            violations.Add(field, $"is '{id}', as candidates[{ids[id]}].id is; identifiers are unique within a call");
        }
    }

    private void RequireWeights(string pinned)
    {
        var actual = scorer.Description.WeightsDigest;
        if (pinned.Length > 0 && pinned != actual)
        {
            throw RpcErrors.FailedPrecondition(
                "WEIGHTS_DIGEST_MISMATCH",
                $"the weights are {actual}, not the pinned {pinned}",
                ("weights_digest", actual),
                ("pinned_weights_digest", pinned));
        }
    }

    private void RequireState(ReadOnlySpan<byte> state, FieldViolations violations)
    {
        const string field = "state";
        if (violations.Require(state.Length <= limits.MaxStateBytes, field, $"has {state.Length} bytes; at most {limits.MaxStateBytes} are accepted")
            && state.Length > 0
            && scorer.Description.NeedsState)
        {
            scorer.ValidateState(state, field, violations);
        }
    }

    private void RequireCandidates(ScoreRequest request, FieldViolations violations)
    {
        var count = request.Candidates.Count;
        violations.Require(
            count >= 1 && count <= limits.MaxBatchSize,
            "candidates",
            count == 0 ? "is empty; send at least one" : $"has {count} elements; send at most {limits.MaxBatchSize} a call");
    }

    private Condition? ReadCondition(Contracts.TensorV1.Condition? message, FieldViolations violations)
    {
        const string field = "condition";
        var before = violations.Count;
        var condition = ConditionMapping.ToDomain(message, field, violations);
        if (violations.Count > before)
        {
            return null;
        }

        var kind = condition switch
        {
            null => ConditionKind.None,
            Condition.Prompt => ConditionKind.Prompt,
            Condition.ClassLabel => ConditionKind.ClassLabel,
            _ => throw new ArgumentOutOfRangeException(nameof(message), condition, "not a kind of condition"),
        };
        if (violations.Require(
            scorer.Description.Conditions.Contains(kind),
            field,
            $"{(kind == ConditionKind.None ? "is missing" : $"is a {Name(kind)}")}; {scorer.Description.Name} scores against {string.Join(" or ", scorer.Description.Conditions.Select(Name))}"))
        {
            scorer.ValidateCondition(condition, field, violations);
        }

        return condition;
    }

    private static string Name(ConditionKind kind) => kind switch
    {
        ConditionKind.None => "no condition",
        ConditionKind.Prompt => "prompt",
        ConditionKind.ClassLabel => "class",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of condition"),
    };
}
