using System.Buffers;
using System.Collections.Frozen;

namespace DiffusionMesh.ServiceDefaults.Security;

/// <summary>A token that calls may present.</summary>
/// <param name="Hash">SHA-256 of its characters.</param>
/// <param name="Caller">Who holds it.</param>
/// <param name="Scopes">What it allows.</param>
internal sealed record AcceptedToken(byte[] Hash, Caller Caller, FrozenSet<string> Scopes)
{
    private const int MaxTenant = 64;
    private const int HashDigits = 64;

    private static readonly SearchValues<char> TenantCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public bool Allows(string scope) => Caller.IsAdmin || Scopes.Contains(scope);

    public static AcceptedToken Of(TokenOptions options)
    {
        var scopes = options.Scopes.ToFrozenSet(StringComparer.Ordinal);
        return new(Convert.FromHexString(options.Sha256), new Caller(options.Tenant, scopes.Contains(Security.Scopes.Admin)), scopes);
    }

    /// <summary>Everything that is wrong with the settings of the tokens.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<TokenOptions> tokens)
    {
        var hashes = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < tokens.Count; i++)
        {
            var (path, token) = ($"{SecurityOptions.Section}:{nameof(SecurityOptions.Tokens)}:{i}", tokens[i]);
            if (token.Sha256.Length != HashDigits || token.Sha256.AsSpan().ContainsAnyExcept(HexDigits))
            {
                yield return $"{path}:Sha256 must be {HashDigits} hexadecimal digits, the SHA-256 of a token; 'dmesh tokens' prints a new one";
            }
            else if (!hashes.Add(token.Sha256))
            {
                yield return $"{path}:Sha256 is that of another token as well";
            }

            if (token.Tenant.Length > MaxTenant || token.Tenant.AsSpan().ContainsAnyExcept(TenantCharacters))
            {
                yield return $"{path}:Tenant must have at most {MaxTenant} characters, letters, digits, '.', '_' and '-'";
            }

            if (token.Scopes.Count == 0 || token.Scopes.Except(Security.Scopes.Known).Any())
            {
                yield return $"{path}:Scopes must name one or more of: {string.Join(", ", Security.Scopes.Known)}";
            }
        }
    }
}
