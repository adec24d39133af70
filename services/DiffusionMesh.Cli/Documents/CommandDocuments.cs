namespace DiffusionMesh.Cli.Documents;

/// <summary>What <c>--json</c> prints after a search: where the files are, and the content of <c>search.json</c>.</summary>
internal sealed record SearchReceipt(string Directory, IReadOnlyList<string> Files, SearchDocument Document);

/// <summary>What <c>up --json</c> prints once all services are ready.</summary>
internal sealed record ServicesDocument(string Orchestrator, string Denoiser, IReadOnlyDictionary<string, string> Verifiers);

/// <summary>What <c>--json</c> prints to the standard error when a command fails.</summary>
internal sealed record ErrorDocument(ErrorSection Error);

internal sealed record ErrorSection(
    int ExitCode,
    string Message,
    string? Remedy,
    IReadOnlyList<ViolationSection> Violations,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Logs);

/// <summary>An argument that was refused.</summary>
/// <param name="Option">The option that sets it; null if no option does.</param>
/// <param name="Field">Path of the field in the request; null if the command line itself was refused.</param>
/// <param name="Description">What is wrong with it and what would be right.</param>
internal sealed record ViolationSection(string? Option, string? Field, string Description);
