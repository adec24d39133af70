namespace DiffusionMesh.Cli.Documents;

/// <summary>What <c>--json</c> prints after a search: where the files are, and the content of <c>search.json</c>.</summary>
internal sealed record SearchReceipt(string Directory, IReadOnlyList<string> Files, SearchDocument Document);

/// <summary>What <c>up --json</c> prints once all services are ready.</summary>
internal sealed record ServicesDocument(string Orchestrator, string Denoiser, IReadOnlyDictionary<string, string> Verifiers);

/// <summary>What <c>replay --json</c> prints.</summary>
/// <param name="Search">The search that was run again.</param>
/// <param name="Candidates">Those that both runs have.</param>
/// <param name="Differences">The first hundred.</param>
/// <param name="Nfe">What the replay took.</param>
internal sealed record ReplayDocument(
    string Search, bool Identical, long Candidates, IReadOnlyList<DifferenceSection> Differences, long DifferencesTotal, long Nfe);

/// <summary>What came out otherwise.</summary>
/// <param name="Candidate">Null for what belongs to the search as a whole.</param>
internal sealed record DifferenceSection(string? Candidate, string Field, string Original, string Replayed);

/// <summary>What <c>rescore --json</c> prints.</summary>
/// <param name="Best">Best first.</param>
/// <param name="Candidates">All finished ones, in the order of proposal.</param>
/// <param name="Nfe">What it took: nothing.</param>
internal sealed record RescoreDocument(string Search, IReadOnlyList<RescoredSection> Best, IReadOnlyList<RescoredSection> Candidates, long Nfe);

/// <param name="SearchScore">What the best are chosen by; null of the others.</param>
/// <param name="Scores">By verifier; null where there is none.</param>
internal sealed record RescoredSection(
    string Candidate, string PixelDigest, double? SearchScore, IReadOnlyDictionary<string, double?> Scores);

/// <summary>What <c>delete --json</c> prints.</summary>
internal sealed record DeletedDocument(string Deleted);

/// <summary>What <c>cancel --json</c> prints.</summary>
internal sealed record CancelledDocument(string Cancelled);

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
