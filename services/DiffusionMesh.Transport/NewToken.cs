using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DiffusionMesh.Transport;

/// <summary>Tokens and what hosts know of them.</summary>
public static class NewToken
{
    // As many bits as the hash has: nobody finds a token by its hash, so it needs neither salt nor a slow function.
    private const int RandomBytes = 32;

    /// <summary>A token that nobody can guess.</summary>
    public static string Create() => "dmesh_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What a host's settings hold instead of the token: SHA-256 of its characters, lower-case hexadecimal.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
