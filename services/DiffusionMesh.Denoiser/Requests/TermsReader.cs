using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Denoiser.Engine;

namespace DiffusionMesh.Denoiser.Requests;

/// <summary>Reads how a call wants to be served.</summary>
internal static class TermsReader
{
    private const int MaxKeyLength = 128;

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with all that is wrong.</exception>
    public static CallTerms Read(SampleRequest request)
    {
        var violations = new FieldViolations();
        violations.Require(
            request.FairnessKey.Length <= MaxKeyLength, "fairness_key", $"has {request.FairnessKey.Length} characters; at most {MaxKeyLength} are accepted");
        violations.Require(
            request.Priority is >= Priority.Unspecified and <= Priority.Low, "priority", $"is {(int)request.Priority}; send HIGH, NORMAL or LOW");
        violations.ThrowIfAny();
        return new CallTerms
        {
            Lane = request.Priority switch
            {
                Priority.High => Lane.High,
                Priority.Low => Lane.Low,
                _ => Lane.Normal,
            },
            FairnessKey = request.FairnessKey,
            PreviewEverySteps = request.Outputs?.PreviewEverySteps ?? 0,
            TimeLeft = request.Outputs?.TimeLeft ?? false,
        };
    }
}
