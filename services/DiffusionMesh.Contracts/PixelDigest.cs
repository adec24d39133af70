using System.Security.Cryptography;

namespace DiffusionMesh.Contracts;

/// <summary>Names an image by its pixels.</summary>
public static class PixelDigest
{
    /// <summary>SHA-256 over row-major [H, W, C] pixels: <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    public static string Of(ReadOnlySpan<byte> pixels) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(pixels));
}
