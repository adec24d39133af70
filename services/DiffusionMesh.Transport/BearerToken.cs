using System.Text;
using Grpc.Core;

namespace DiffusionMesh.Transport;

/// <summary>The token that a client presents with each call.</summary>
internal sealed class BearerToken
{
    private readonly Func<string> _header;

    private BearerToken(Func<string> header) => _header = header;

    /// <summary>The one that was set, or null.</summary>
    /// <exception cref="IOException">Its file cannot be used.</exception>
    public static BearerToken? Of(TransportSettings settings, Action<string>? onProblem)
    {
        if (settings.TokenFile.Length > 0)
        {
            var file = new FileBacked<string>([settings.TokenFile], files => Header(Encoding.UTF8.GetString(files[0])), onProblem);
            return new(() => file.Current);
        }

        var header = settings.Token.Length > 0 ? Header(settings.Token) : null;
        return header is null ? null : new(() => header);
    }

    /// <summary>Headers with the token added; the caller's own stay as they are, since retries share them.</summary>
    public Metadata AddTo(Metadata headers)
    {
        var all = new Metadata();
        foreach (var header in headers)
        {
            all.Add(header);
        }

        all.Add("authorization", _header());
        return all;
    }

    private static string Header(string token)
    {
        token = token.Trim();
        return token.Length > 0 && token.All(character => character is > ' ' and < (char)127)
            ? $"Bearer {token}"
            : throw new FormatException("a token is one word of ASCII characters");
    }
}
