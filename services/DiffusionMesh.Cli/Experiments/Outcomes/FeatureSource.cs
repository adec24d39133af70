using System.Runtime.InteropServices;
using DiffusionMesh.Cli.Experiments.Storage;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Metrics;

namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>Asks the feature service for the features of samples, each image once.</summary>
internal sealed class FeatureSource
{
    private const int CallsAtOnce = 2;
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(5);

    private readonly FeatureService.FeatureServiceClient _service;
    private readonly GetReferenceResponse _reference;
    private readonly Dictionary<string, SampleFeatures> _known = new(StringComparer.Ordinal);

    private FeatureSource(FeatureService.FeatureServiceClient service, GetReferenceResponse reference)
    {
        (_service, _reference) = (service, reference);
        var mean = Doubles(reference.Mean.Data);
        Fid = new Fid(FeatureStatistics.Create(reference.Count, mean, Doubles(reference.Covariance.Data)));
        var features = new float[reference.Features.Shape[0] * reference.Features.Shape[1]];
        TensorMapping.CopyTo(reference.Features, features);
        Real = new Manifold(features, mean.Length);
    }

    /// <summary>Name of the feature space; it belongs beside every figure.</summary>
    public string Name => _reference.Name;

    public string WeightsDigest => _reference.WeightsDigest;

    public Fid Fid { get; }

    /// <summary>Real images, for precision and recall.</summary>
    public Manifold Real { get; }

    public static async Task<FeatureSource> OpenAsync(FeatureService.FeatureServiceClient service, CancellationToken cancellationToken) => new(
        service,
        await service.GetReferenceAsync(new GetReferenceRequest(), deadline: DateTime.UtcNow + AnswerTime, cancellationToken: cancellationToken));

    /// <summary>Adds the features to rows.</summary>
    public async Task<IReadOnlyList<RunRow>> AddToAsync(IReadOnlyList<RunRow> rows, RunStore store, CancellationToken cancellationToken)
    {
        var unknown = rows.DistinctBy(row => row.Chosen.PixelDigest)
            .Where(row => row.Chosen.Image is not null && !_known.ContainsKey(row.Chosen.PixelDigest))
            .Chunk(Math.Max(1, _reference.MaxBatchSize));
        await Parallel.ForEachAsync(
            unknown,
            new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellationToken },
            async (chunk, token) => await EmbedAsync(chunk, store, token));
        return [.. rows.Select(row => row with { Features = _known.GetValueOrDefault(row.Chosen.PixelDigest) })];
    }

    private async Task EmbedAsync(RunRow[] rows, RunStore store, CancellationToken cancellationToken)
    {
        var request = new EmbedRequest();
        request.Images.Add(rows.Select(row => TensorMapping.ToMessage(
            store.Pixels(row.Run, row.Chosen)!.AsMemory(), [.. row.Run.ImageShape.Select(size => (long)size)])));
        var answer = await _service.EmbedAsync(request, deadline: DateTime.UtcNow + AnswerTime, cancellationToken: cancellationToken);
        var (features, probabilities) = (Floats(answer.Features), Floats(answer.Probabilities));
        var (dimension, classes) = (features.Length / rows.Length, probabilities.Length / rows.Length);
        lock (_known)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                _known[rows[i].Chosen.PixelDigest] = new SampleFeatures(
                    features[(i * dimension)..((i + 1) * dimension)], probabilities[(i * classes)..((i + 1) * classes)]);
            }
        }
    }

    private static float[] Floats(Contracts.TensorV1.Tensor tensor)
    {
        var values = new float[tensor.Data.Length / sizeof(float)];
        TensorMapping.CopyTo(tensor, values);
        return values;
    }

    private static double[] Doubles(Google.Protobuf.ByteString data) => MemoryMarshal.Cast<byte, double>(data.Span).ToArray();
}
