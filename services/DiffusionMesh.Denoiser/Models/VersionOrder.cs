namespace DiffusionMesh.Denoiser.Models;

/// <summary>Versions in their order: numbers inside them by value, so that 1.10 comes after 1.9.</summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        while (left.Length > 0 && right.Length > 0)
        {
            var a = Part(left);
            var b = Part(right);
            var order = char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0])
                ? CompareNumbers(a.TrimStart('0'), b.TrimStart('0'))
                : a.CompareTo(b, StringComparison.Ordinal);
            if (order != 0)
            {
                return order;
            }

            left = left[a.Length..];
            right = right[b.Length..];
        }

        return left.Length.CompareTo(right.Length);
    }

    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b) =>
        a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.CompareTo(b, StringComparison.Ordinal);

    // A number, or what comes before the next one.
    private static ReadOnlySpan<char> Part(ReadOnlySpan<char> text)
    {
        var length = 1;
        while (length < text.Length && char.IsAsciiDigit(text[length]) == char.IsAsciiDigit(text[0]))
        {
            length++;
        }

        return text[..length];
    }
}
