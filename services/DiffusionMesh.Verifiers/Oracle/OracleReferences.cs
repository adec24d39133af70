using System.Buffers.Binary;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Metrics;

namespace DiffusionMesh.Verifiers.Oracle;

/// <summary>Features of images that no search made.</summary>
/// <param name="Statistics">Of real images.</param>
/// <param name="Base">Of unsearched samples, from which a searched set starts.</param>
/// <param name="Features">Of some real images, [N, D].</param>
internal sealed record OracleReferences(FeatureStatistics Statistics, FeatureStatistics Base, float[] Features)
{
    private const int HeaderLength = 2 * sizeof(long);

    /// <summary>Reads the files that the manifest names.</summary>
    /// <exception cref="ModelLoadException">It names none, or they are not what it says.</exception>
    public static OracleReferences Read(ModelFolder folder, ClassifierManifest manifest)
    {
        var files = manifest.References
            ?? throw new ModelLoadException($"{ManifestReader.FileName}: references is required: the oracle compares with real images");
        var statistics = ReadStatistics(folder, files.Statistics.File);
        var start = ReadStatistics(folder, files.Base.File);
        Require(start.Dimension == statistics.Dimension, files.Base.File, $"has {start.Dimension} features, but {files.Statistics.File} has {statistics.Dimension}");
        return new OracleReferences(statistics, start, ReadFeatures(folder, files.Features.File, statistics.Dimension));
    }

    private static FeatureStatistics ReadStatistics(ModelFolder folder, string file)
    {
        try
        {
            var statistics = FeatureStatisticsFormat.Read(folder.Contents(file).Span);
            Require(statistics.Count >= 2, file, $"is of {statistics.Count} images; a covariance needs two");
            return statistics;
        }
        catch (FormatException e)
        {
            throw new ModelLoadException($"{file} {e.Message}", e);
        }
    }

    // int64 count, int64 D, float32[count, D], little-endian.
    private static float[] ReadFeatures(ModelFolder folder, string file, int dimension)
    {
        var bytes = folder.Contents(file).Span;
        Require(bytes.Length >= HeaderLength, file, $"has {bytes.Length} bytes, too few for a header of {HeaderLength}");
        var count = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var width = BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(long)..]);
        var values = (bytes.Length - HeaderLength) / sizeof(float);
        Require(width == dimension, file, $"has rows of {width} features, but the statistics have {dimension}");
        Require(
            count >= 1 && count <= values && count * width * sizeof(float) == bytes.Length - HeaderLength,
            file,
            $"has {bytes.Length} bytes, which {count} rows of {width} features do not fill");
        var features = new float[values];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(HeaderLength + (i * sizeof(float)))..]);
        }

        Require(Array.TrueForAll(features, float.IsFinite), file, "has a feature that is not finite");
        return features;
    }

    private static void Require(bool condition, string file, string otherwise)
    {
        if (!condition)
        {
            throw new ModelLoadException($"{file} {otherwise}");
        }
    }
}
