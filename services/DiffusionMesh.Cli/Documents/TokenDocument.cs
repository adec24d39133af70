namespace DiffusionMesh.Cli.Documents;

/// <summary>What <c>dmesh tokens --json</c> prints.</summary>
/// <param name="Token">For its holder.</param>
/// <param name="Settings">For the hosts that accept it.</param>
internal sealed record TokenDocument(string Token, TokenSettings Settings);

internal sealed record TokenSettings(TokenSecurity Security);

internal sealed record TokenSecurity(IReadOnlyList<TokenSection> Tokens);

/// <summary>One token as a host's settings have it.</summary>
internal sealed record TokenSection(string Sha256, string Tenant, IReadOnlyList<string> Scopes);
