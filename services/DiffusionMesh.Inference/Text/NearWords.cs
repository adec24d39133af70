namespace DiffusionMesh.Inference.Text;

/// <summary>Words that a misspelt one may have meant.</summary>
internal static class NearWords
{
    private const int MaxSuggestions = 3;

    // Longer words are cut for the comparison, so that a hostile one costs no more than a real one.
    private const int MaxLength = 32;

    /// <summary>The nearest known words within about a third of the word's letters, nearest first.</summary>
    public static IReadOnlyList<string> To(string word, IEnumerable<string> known)
    {
        var allowed = Math.Min((word.Length + 1) / 3, 3);
        if (allowed == 0)
        {
            // Any other letter would be as near.
            return [];
        }

        return
        [
            .. known
                .Where(candidate => Math.Abs(candidate.Length - word.Length) <= allowed)
                .Select(candidate => (Word: candidate, Distance: Distance(word, candidate)))
                .Where(candidate => candidate.Distance <= allowed)
                .OrderBy(candidate => candidate.Distance)
                .ThenBy(candidate => candidate.Word, StringComparer.Ordinal)
                .Take(MaxSuggestions)
                .Select(candidate => candidate.Word),
        ];
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string first, string second)
    {
        first = first.Length > MaxLength ? first[..MaxLength] : first;
        second = second.Length > MaxLength ? second[..MaxLength] : second;
        Span<int> row = stackalloc int[MaxLength + 1];
        for (var j = 0; j <= second.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= first.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= second.Length; j++)
            {
                var replaced = diagonal + (first[i - 1] == second[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[second.Length];
    }
}
