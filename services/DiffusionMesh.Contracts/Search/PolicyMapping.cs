using DiffusionMesh.Search;
using ComputeClassMessage = DiffusionMesh.Contracts.SearchV1.ComputeClassPolicy;
using FailureMessage = DiffusionMesh.Contracts.SearchV1.FailurePolicy;
using ReplacementMessage = DiffusionMesh.Contracts.SearchV1.ReplacementPolicy;

namespace DiffusionMesh.Contracts;

/// <summary>Writes and reads what a search does when a verifier fails or is replaced, or a denoiser computes otherwise.</summary>
public static class PolicyMapping
{
    public static FailureMessage ToMessage(FailurePolicy policy) => policy switch
    {
        FailurePolicy.Exclude => FailureMessage.Exclude,
        FailurePolicy.Degrade => FailureMessage.Degrade,
        FailurePolicy.Fail => FailureMessage.Fail,
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "not a policy"),
    };

    public static ReplacementMessage ToMessage(ReplacementPolicy policy) => policy switch
    {
        ReplacementPolicy.Refuse => ReplacementMessage.Refuse,
        ReplacementPolicy.Record => ReplacementMessage.Record,
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "not a policy"),
    };

    public static ComputeClassMessage ToMessage(ComputeClassPolicy policy) => policy switch
    {
        ComputeClassPolicy.Refuse => ComputeClassMessage.Refuse,
        ComputeClassPolicy.Record => ComputeClassMessage.Record,
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "not a policy"),
    };

    /// <summary>The default if none is given, or if a violation was added.</summary>
    public static FailurePolicy ToDomain(FailureMessage message, string field, FieldViolations violations)
    {
        switch (message)
        {
            case FailureMessage.Unspecified or FailureMessage.Exclude:
                return FailurePolicy.Exclude;
            case FailureMessage.Degrade:
                return FailurePolicy.Degrade;
            case FailureMessage.Fail:
                return FailurePolicy.Fail;
            default:
                violations.Add(field, $"is {message}, which is not a policy; known: EXCLUDE, DEGRADE, FAIL");
                return default;
        }
    }

    /// <summary>The default if none is given, or if a violation was added.</summary>
    public static ReplacementPolicy ToDomain(ReplacementMessage message, string field, FieldViolations violations)
    {
        switch (message)
        {
            case ReplacementMessage.Unspecified or ReplacementMessage.Refuse:
                return ReplacementPolicy.Refuse;
            case ReplacementMessage.Record:
                return ReplacementPolicy.Record;
            default:
                violations.Add(field, $"is {message}, which is not a policy; known: REFUSE, RECORD");
                return default;
        }
    }

    /// <summary>The default if none is given, or if a violation was added.</summary>
    public static ComputeClassPolicy ToDomain(ComputeClassMessage message, string field, FieldViolations violations)
    {
        switch (message)
        {
            case ComputeClassMessage.Unspecified or ComputeClassMessage.Refuse:
                return ComputeClassPolicy.Refuse;
            case ComputeClassMessage.Record:
                return ComputeClassPolicy.Record;
            default:
                violations.Add(field, $"is {message}, which is not a policy; known: REFUSE, RECORD");
                return default;
        }
    }
}
