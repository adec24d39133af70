using System.Net.Http.Headers;
using System.Text;

namespace DiffusionMesh.Transport;

/// <summary>The token that a client presents with each call.</summary>
internal sealed class BearerToken
{
    private readonly Func<AuthenticationHeaderValue> _header;

    private BearerToken(Func<AuthenticationHeaderValue> header) => _header = header;

    public AuthenticationHeaderValue Header => _header();

    /// <summary>The one that was set, or null.</summary>
    /// <exception cref="IOException">Its file cannot be used.</exception>
    public static BearerToken? Of(TransportSettings settings, Action<string>? onProblem)
    {
        if (settings.TokenFile.Length > 0)
        {
            var file = new FileBacked<AuthenticationHeaderValue>([settings.TokenFile], files => Read(Encoding.UTF8.GetString(files[0])), onProblem);
            return new(() => file.Current);
        }

        var header = settings.Token.Length > 0 ? Read(settings.Token) : null;
        return header is null ? null : new(() => header);
    }

    private static AuthenticationHeaderValue Read(string token)
    {
        token = token.Trim();
        return token.Length > 0 && token.All(character => character is > ' ' and < (char)127)
            ? new("Bearer", token)
            : throw new FormatException("a token is one word of ASCII characters");
    }
}
