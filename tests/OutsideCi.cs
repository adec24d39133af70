namespace DiffusionMesh.Tests;

/// <summary>What a test needs may be missing on a newcomer's machine; in continuous integration it must be there.</summary>
internal static class OutsideCi
{
    /// <summary>Why a test is skipped; null if it runs, and fails where something is missing in continuous integration.</summary>
    public static string? Skip(bool isMissing, string reason) =>
        isMissing && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")) ? reason : null;
}
