using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Search;
using Grpc.Core;
using Microsoft.Extensions.Options;
using SpecMessage = DiffusionMesh.Contracts.SearchV1.SearchSpec;

namespace DiffusionMesh.Orchestrator.Creation;

/// <summary>Finds the verifiers that a specification selects and checks what they say of themselves.</summary>
internal sealed class VerifierRules(VerifierMesh mesh, VerifierAddresses addresses, IOptions<OrchestratorOptions> options)
{
    private const int MaxVerifiers = 16;
    private const int MaxNameLength = 128;
    private const long BytesPerMebibyte = 1 << 20;

    public async Task<ImmutableArray<ResolvedVerifier>> ChooseAsync(
        SpecMessage spec,
        Condition? condition,
        FieldViolations violations,
        CancellationToken cancellationToken,
        string field = "spec.verifiers")
    {
        var count = spec.Verifiers.Count;
        if (!violations.Require(count > 0, field, $"is required; known: {string.Join(", ", mesh.Names.Order(StringComparer.Ordinal))}")
            || !violations.Require(count <= MaxVerifiers, field, $"has {count} elements; at most {MaxVerifiers} are accepted"))
        {
            return [];
        }

        var (stateBytes, mostStateBytes) = (spec.Verifiers.Sum(verifier => (long)verifier.State.Length), options.Value.MaxVerifierStateMebibytes * BytesPerMebibyte);
        if (!violations.Require(stateBytes <= mostStateBytes, field, $"have states of {stateBytes} bytes; at most {mostStateBytes} are accepted"))
        {
            return [];
        }

        var resolved = ImmutableArray.CreateBuilder<ResolvedVerifier>(count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var path = $"{field}[{i}]";
            var selection = spec.Verifiers[i];
            if (CheckSelection(selection, path, names, violations) is { } address
                && await DescribeAsync(selection, address, path, violations, cancellationToken) is { } description
                && CheckDescription(description, condition, path, violations))
            {
                resolved.Add(new ResolvedVerifier(Choose(selection, description, path, violations), address, description));
            }
        }

        return resolved.ToImmutable();
    }

    private string? CheckSelection(VerifierSelection selection, string path, HashSet<string> names, FieldViolations violations)
    {
        violations.Require(selection.Weight >= 0 && double.IsFinite(selection.Weight), path + ".weight", $"is {selection.Weight}; it must be 0 or more");
        violations.Require(
            !selection.HeldOut || selection.Weight is 0 or 1,
            path + ".weight",
            $"is {selection.Weight}, but a verifier that is held out never selects; leave the weight out");
        if (!violations.Require(selection.Name.Length > 0, path + ".name", "is required")
            || !violations.Require(
                selection.Name.Length <= MaxNameLength && !selection.Name.Any(char.IsControl),
                path + ".name",
                $"has {selection.Name.Length} characters; at most {MaxNameLength} are accepted, and no control characters")
            || !violations.Require(names.Add(selection.Name), path + ".name", $"'{selection.Name}' is selected twice"))
        {
            return null;
        }

        if (selection.Address.Length > 0
            && addresses.Refusal(selection.Address) is { } refusal
            && !violations.Require(false, path + ".address", refusal))
        {
            return null;
        }

        var address = mesh.AddressOf(selection);
        violations.Require(address is not null, path + ".name", RpcErrors.UnknownName("verifier", selection.Name, mesh.Names));
        return address;
    }

    private async Task<Verifier?> DescribeAsync(
        VerifierSelection selection,
        string address,
        string path,
        FieldViolations violations,
        CancellationToken cancellationToken)
    {
        try
        {
            using var use = mesh.Use(address);
            return await use.Verifier.DescribeAsync(verifier => IsPinned(selection, verifier), cancellationToken);
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            var description = $"verifier '{selection.Name}' at {address}: {Failures.Describe(error)}";
            if (selection.Address.Length == 0)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, description));
            }

            violations.Add(path + ".address", description);
            return null;
        }
    }

    private static bool CheckDescription(Verifier verifier, Condition? condition, string path, FieldViolations violations)
    {
        var needed = condition switch
        {
            Condition.Prompt => ConditionKind.Prompt,
            Condition.ClassLabel => ConditionKind.Class,
            _ => ConditionKind.None,
        };
        var excess = DescriptionLimits.Excess(verifier);
        return violations.Require(
                excess is null, path, $"the verifier says too much of itself: {excess}")
            && violations.Require(
                verifier.Minimum <= verifier.Maximum, path, $"'{verifier.Name}' declares the range [{verifier.Minimum}, {verifier.Maximum}], which holds no score")
            && violations.Require(
                verifier.WeightsDigest.Length > 0, path, $"'{verifier.Name}' names no weights digest")
            && violations.Require(
                verifier.Images.All(IsKnown), path, $"'{verifier.Name}' needs images of a kind that this server does not know")
            && violations.Require(
                verifier.ConditionKinds.Contains(needed), path, $"'{verifier.Name}' cannot score against this kind of condition, only: {string.Join(", ", verifier.ConditionKinds)}");
    }

    private static bool IsKnown(ImageRequirement image) => image.Kind switch
    {
        ImageKind.Final => true,
        ImageKind.XPrediction => image.NoiseLevel is > 0 and < 1,
        _ => false,
    };

    private static VerifierChoice Choose(VerifierSelection selection, Verifier verifier, string path, FieldViolations violations)
    {
        CheckPin(selection, selection.WeightsDigest, verifier.WeightsDigest, "WEIGHTS_DIGEST_MISMATCH", "has the weights");
        CheckPin(selection, selection.ComputeClass, verifier.ComputeClass, "COMPUTE_CLASS_MISMATCH", "runs on");
        return new VerifierChoice(
            selection.Name,
            selection.Address,
            selection.Weight == 0 ? 1 : selection.Weight,
            verifier.WeightsDigest,
            verifier.Version,
            verifier.ComputeClass)
        {
            State = selection.State.Memory,
            HeldOut = selection.HeldOut,
            OnFailure = PolicyMapping.ToDomain(selection.OnFailure, path + ".on_failure", violations),
            OnReplacement = PolicyMapping.ToDomain(selection.OnReplacement, path + ".on_replacement", violations),
        };
    }

    private static bool IsPinned(VerifierSelection selection, Verifier verifier) =>
        (selection.WeightsDigest.Length == 0 || selection.WeightsDigest == verifier.WeightsDigest)
        && (selection.ComputeClass.Length == 0 || selection.ComputeClass == verifier.ComputeClass);

    private static void CheckPin(VerifierSelection selection, string pinned, string served, string reason, string what)
    {
        if (pinned.Length > 0 && pinned != served)
        {
            throw RpcErrors.FailedPrecondition(
                reason, $"verifier '{selection.Name}' {what} {served}, not the pinned {pinned}", ("pinned", pinned), ("served", served));
        }
    }
}
