using System.Text.RegularExpressions;
using DiffusionMesh.Transport;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>Which addresses of verifiers searches may name: those of the configuration's list.</summary>
/// <remarks>
/// Else anyone who may search could have this host call whatever it can reach. Addresses on loopback need no list where the
/// host listens on loopback alone: its callers reach them without it.
/// </remarks>
internal sealed class VerifierAddresses(IOptions<OrchestratorOptions> options, MeshTransport transport, IServer server)
{
    private const int MaxLength = 1024;

    // A star never leaves the part of the address that it stands in.
    private const string Star = @"[^/:,@?#%\\\s]*";

    private readonly Regex[] _allowed = [.. options.Value.VerifierAddresses.Select(Pattern)];

    /// <summary>Why a search may not name an address; null if it may.</summary>
    public string? Refusal(string address)
    {
        if (address.Length > MaxLength)
        {
            return $"has {address.Length} characters; at most {MaxLength} are accepted";
        }

        if (!MeshAddress.IsValid(address))
        {
            return $"is '{address}'; it {MeshAddress.Rule}";
        }

        var uri = new Uri(address);
        if (!(MeshAddress.IsLoopback(uri) && ListensOnLoopback()) && !_allowed.Any(pattern => pattern.IsMatch(address)))
        {
            return $"'{address}' is not among the addresses that this server lets searches name (its setting Orchestrator:VerifierAddresses)";
        }

        return transport.Refusal(uri);
    }

    private bool ListensOnLoopback() =>
        server.Features.Get<IServerAddressesFeature>() is { Addresses: { Count: > 0 } addresses }
        && addresses.All(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && MeshAddress.IsLoopback(uri));

    private static Regex Pattern(string pattern) =>
        new($"^{Regex.Escape(pattern).Replace(@"\*", Star, StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
