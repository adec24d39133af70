using System.Security.Cryptography;
using System.Text;

namespace DiffusionMesh.Verifiers.Scoring;

/// <summary>The digest of a score that more than one model's folder determines.</summary>
internal static class WeightsDigest
{
    /// <param name="parts">Digests of models, and names of what is made of them.</param>
    /// <returns><c>sha256:</c> and 64 hexadecimal digits, of the parts, a line each.</returns>
    public static string Of(params ReadOnlySpan<string> parts)
    {
        var lines = new StringBuilder();
        foreach (var part in parts)
        {
            lines.Append(part).Append('\n');
        }

        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }
}
