using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Verifiers.Oracle;
using DiffusionMesh.Verifiers.Scoring;
using DiffusionMesh.Verifiers.Service;
using Grpc.Core;

namespace DiffusionMesh.Verifiers.Features;

/// <summary>The feature service over the oracle's classifier.</summary>
internal sealed class FeatureEndpoint(OracleModel model, ScoringQueue queue, VerifierOptions limits) : FeatureService.FeatureServiceBase
{
    private readonly GetReferenceResponse _reference = Describe(model, limits);

    public override Task<GetReferenceResponse> GetReference(GetReferenceRequest request, ServerCallContext context) => Task.FromResult(_reference);

    public override async Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context)
    {
        Require(request);
        var count = request.Images.Count;
        using var place = queue.Enter(count);
        var (features, logits) = await model.EvaluateAsync([.. request.Images.Select(ImageTensors.ToPixels)], context.CancellationToken);
        return new EmbedResponse
        {
            Features = TensorMapping.ToMessage(features, count, model.Dimension),
            Probabilities = TensorMapping.ToMessage(Probabilities(logits, model.Classes), count, model.Classes),
            WeightsDigest = model.Digest,
        };
    }

    private void Require(EmbedRequest request)
    {
        const string field = "images";
        var violations = new FieldViolations();
        var count = request.Images.Count;
        if (violations.Require(
            count >= 1 && count <= limits.MaxBatchSize,
            field,
            count == 0 ? "is empty; send at least one" : $"has {count} elements; send at most {limits.MaxBatchSize} a call"))
        {
            for (var i = 0; i < count; i++)
            {
                ImageTensors.Require(request.Images[i], $"{field}[{i}]", limits, violations);
            }
        }

        violations.ThrowIfAny();
    }

    private static float[] Probabilities(float[] logits, int classes)
    {
        var probabilities = new float[logits.Length];
        var row = new double[classes];
        for (var start = 0; start < logits.Length; start += classes)
        {
            Logits.Softmax(logits.AsSpan(start, classes), row);
            for (var i = 0; i < classes; i++)
            {
                probabilities[start + i] = (float)row[i];
            }
        }

        return probabilities;
    }

    private static GetReferenceResponse Describe(OracleModel model, VerifierOptions limits)
    {
        var (statistics, d) = (model.References.Statistics, model.Dimension);
        return new GetReferenceResponse
        {
            Name = model.Manifest.Name,
            WeightsDigest = model.Digest,
            Classes = { model.Manifest.Classes },
            Count = statistics.Count,
            Mean = TensorMapping.ToMessage(statistics.Mean, d),
            Covariance = TensorMapping.ToMessage(statistics.Covariance, d, d),
            Features = TensorMapping.ToMessage(model.References.Features, model.References.Features.Length / d, d),
            MaxBatchSize = limits.MaxBatchSize,
        };
    }
}
