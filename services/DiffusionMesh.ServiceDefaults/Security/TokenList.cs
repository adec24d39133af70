using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace DiffusionMesh.ServiceDefaults.Security;

/// <summary>The tokens that the configuration of the moment accepts.</summary>
internal sealed partial class TokenList : IDisposable
{
    private const int MaxTokenLength = 512;

    private readonly IConfiguration _configuration;
    private readonly ILogger<TokenList> _logger;
    private readonly SettingsFile? _file;
    private readonly IDisposable _reloading;
    private volatile AcceptedToken[] _tokens;

    public TokenList(IConfiguration configuration, IOptions<SecurityOptions> options, ILogger<TokenList> logger, SettingsFile? file = null)
    {
        (_configuration, _logger, _file) = (configuration, logger, file);
        _tokens = [.. options.Value.Tokens.Select(AcceptedToken.Of)];
        _reloading = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>Whether calls need a token at all.</summary>
    public bool IsAny => _tokens.Length > 0;

    /// <summary>The token that a caller presents, or null if it is none of ours.</summary>
    public AcceptedToken? Find(string presented)
    {
        if (presented.Length > MaxTokenLength)
        {
            return null;
        }

        // Every hash is compared whole, whichever it is: how long that takes says nothing.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(presented));
        AcceptedToken? found = null;
        foreach (var token in _tokens)
        {
            found = CryptographicOperations.FixedTimeEquals(token.Hash, hash) ? token : found;
        }

        return found;
    }

    public void Dispose() => _reloading.Dispose();

    private void Reload()
    {
        if (_file?.TakeProblem() is { } unread)
        {
            LogRefused(_logger, unread);
            return;
        }

        var section = _configuration.GetSection($"{SecurityOptions.Section}:{nameof(SecurityOptions.Tokens)}");
        List<TokenOptions> tokens;
        try
        {
            tokens = section.Get<List<TokenOptions>>() ?? [];
        }
        catch (InvalidOperationException error)
        {
            LogRefused(_logger, error.Message);
            return;
        }

        if (AcceptedToken.Problems(tokens).ToArray() is { Length: > 0 } problems)
        {
            LogRefused(_logger, string.Join("; ", problems));
        }
        else if (tokens.Count == 0 && IsAny)
        {
            // A file that was emptied by mistake must not open the host to everyone.
            LogRefused(_logger, "no token is left; restart the host to serve without tokens");
        }
        else
        {
            _tokens = [.. tokens.Select(AcceptedToken.Of)];
        }
    }

    [LoggerMessage(EventName = "TokensRefused", Level = LogLevel.Error, Message = "The tokens of before stay in use: {Problem}")]
    private static partial void LogRefused(ILogger logger, string problem);
}
