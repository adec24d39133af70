using System.Diagnostics;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Orchestrator.Mesh.Balancing;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using DiffusionMesh.Orchestrator.Telemetry;
using DiffusionMesh.Search.Ports;
using Google.Rpc;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>Calls to one verifier for one search: tried again where that helps, within their time limits, and traced.</summary>
/// <param name="name">What the search calls the verifier.</param>
/// <param name="verifier">Where it is.</param>
/// <param name="trace">That of the search.</param>
internal sealed class ScoreCalls(
    string name,
    Func<VerifierAccess> verifier,
    HedgeAllowance hedges,
    OrchestratorOptions options,
    SearchTrace trace)
{
    private const int MaxEcho = 128;
    private const string OtherWeights = "WEIGHTS_DIGEST_MISMATCH";

    /// <summary>What metrics call the verifier.</summary>
    public string Dependency => verifier().Name;

    /// <summary>Pods that can be reached, as far as known; at least 1.</summary>
    public int Pods => verifier().Pods;

    /// <summary>Most that one message may hold.</summary>
    public int MaxMessageBytes => verifier().MaxMessageBytes;

    /// <summary>Most bytes of a state.</summary>
    public long MaxStateBytes => (long)options.MaxVerifierStateMebibytes << 20;

    /// <param name="samples">Those in the request.</param>
    /// <param name="computeClass">What the verifier is to compute on; a verifier that names none is believed.</param>
    /// <exception cref="CallFailedException">It did not answer, whatever was tried.</exception>
    /// <exception cref="WeightsReplacedException">It has other weights than the request pins.</exception>
    public async Task<ScoreResponse> ScoreAsync(
        ScoreRequest request,
        IReadOnlyList<SampledSegment> samples,
        string computeClass,
        CancellationToken cancellationToken)
    {
        using var about = trace.LogAbout(samples.Select(sample => sample.Candidate));
        using var activity = trace.StartScore(name, samples);
        try
        {
            ScoreResponse? response = null;
            await verifier().Policy.CallAsync(
                () => new HedgedAttempt(
                    () => request.Candidates.Count,
                    Pins(request.WeightsDigest, computeClass),
                    hedges,
                    async (route, token) => response = await AttemptAsync(request, computeClass, route, token)),
                cancellationToken);
            return response!;
        }
        catch (OtherPodException error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
            throw error.InnerException is RpcException inner
                ? Failed(inner)
                : new WeightsReplacedException($"{name}: {error.Message}");
        }
        catch (RpcException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            activity?.SetStatus(ActivityStatusCode.Error, error.Status.Detail);
            throw Failed(error);
        }
    }

    /// <exception cref="CallFailedException">It did not answer, whatever was tried.</exception>
    public async Task<Verifier> DescribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            Verifier? description = null;
            await verifier().Policy.AskAsync(async token => description = await verifier().DescribeAsync(token), cancellationToken);
            return description!;
        }
        catch (RpcException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failures.Of(name, error);
        }
    }

    private Exception Failed(RpcException error) => RpcErrors.Detail<ErrorInfo>(error) is { Reason: OtherWeights }
        ? new WeightsReplacedException(Failures.Of(name, error).Message)
        : Failures.Of(name, error);

    private async Task<ScoreResponse> AttemptAsync(
        ScoreRequest request, string computeClass, CallRoute route, CancellationToken cancellationToken)
    {
        try
        {
            var deadline = CallDeadline.In(options.ScoreTimeoutSeconds);
            var response = await verifier().Client.ScoreAsync(request, deadline: deadline, cancellationToken: cancellationToken);
            if (WhyOther(response, request.WeightsDigest, computeClass) is { } other)
            {
                route.Mismatch();
                throw new OtherPodException(other, route.OtherPods);
            }

            route.Succeed();
            return response;
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            Failures.Report(route, error);
            throw Failures.Elsewhere(route, error);
        }
    }

    private static string? WhyOther(ScoreResponse response, string digest, string computeClass) =>
        response.WeightsDigest != digest ? $"scored with other weights ({RpcErrors.Shorten(response.WeightsDigest, MaxEcho)}) than the search uses"
        : response.ComputeClass.Length > 0 && response.ComputeClass != computeClass
            ? $"scored on another compute class ({RpcErrors.Shorten(response.ComputeClass, MaxEcho)}) than the search uses ({computeClass})"
            : null;

    private static string Pins(string weightsDigest, string computeClass) => $"{weightsDigest} {computeClass}";
}

/// <summary>A verifier has other weights than were pinned. The message is for users.</summary>
internal sealed class WeightsReplacedException(string message) : Exception(message);
