using System.Security.Cryptography;
using DiffusionMesh.Cluster.Tests.Cluster;

namespace DiffusionMesh.Cluster.Tests.Failures;

/// <summary>The small model with one bit of one weight changed, under the same name and version.</summary>
internal static class OtherWeights
{
    /// <returns>The folder of models that holds it.</returns>
    public static string Write(RunningCluster cluster)
    {
        var source = Path.Combine(Repository.Root, "models", "fashion-flow-small");
        var folder = Directory.CreateDirectory(Path.Combine(cluster.FolderPath, "other-models", "fashion-flow-small")).FullName;
        foreach (var file in Directory.GetFiles(source))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        // The middle of the file lies within the weights; the lowest bit of a float is as good as nothing.
        var weights = File.ReadAllBytes(Path.Combine(source, "denoiser.onnx"));
        var manifest = File.ReadAllText(Path.Combine(source, "manifest.json"));
        var digest = Convert.ToHexStringLower(SHA256.HashData(weights));
        weights[weights.Length / 2 / 4 * 4] ^= 1;
        File.WriteAllBytes(Path.Combine(folder, "denoiser.onnx"), weights);
        File.WriteAllText(
            Path.Combine(folder, "manifest.json"),
            manifest.Replace(digest, Convert.ToHexStringLower(SHA256.HashData(weights)), StringComparison.Ordinal));
        return Path.GetDirectoryName(folder)!;
    }
}
