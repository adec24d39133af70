using System.Buffers;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>The form of identifiers of searches. What has another form is looked for nowhere.</summary>
internal static class SearchIds
{
    private const int Length = 32;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    public static string Create(DateTimeOffset now) => Guid.CreateVersion7(now).ToString("N");

    public static bool IsValid(string id) => id.Length == Length && !id.AsSpan().ContainsAnyExcept(Digits);
}
