using System.Globalization;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Commands;

/// <summary>
/// Reads verifiers, written <c>name</c>, <c>name:weight</c>, <c>name=address</c> or <c>name=address:weight</c>. The last
/// needs the port in the address, so that a port is never taken for a weight.
/// </summary>
internal static class VerifierWords
{
    /// <exception cref="CommandFailure">A word is none of these.</exception>
    public static VerifierArgument Read(string word)
    {
        var (rest, weight) = SplitWeight(word);
        var verifier = ReadPlace("--verifier", rest);
        if (weight is null)
        {
            return verifier;
        }

        return double.TryParse(weight, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value)
            ? verifier with { Weight = value }
            : throw CommandFailure.BadArgument("--verifier", $"'{word}' has the weight '{weight}'; it must be a number above 0, as in clip:2");
    }

    /// <summary>Reads one that is held out: it has no weight.</summary>
    /// <exception cref="CommandFailure">The word is not of the form <c>name</c> or <c>name=address</c>.</exception>
    public static VerifierArgument ReadHeldOut(string word) => SplitWeight(word) is (_, { } weight)
        ? throw CommandFailure.BadArgument("--held-out", $"'{word}' has the weight '{weight}', but what is held out never selects; leave it out")
        : ReadPlace("--held-out", word) with { HeldOut = true };

    private static VerifierArgument ReadPlace(string option, string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var (name, address) = equals < 0 ? (word, "") : (word[..equals], word[(equals + 1)..]);
        return name.Length > 0 && equals != word.Length - 1
            ? new VerifierArgument(name, address)
            : throw CommandFailure.BadArgument(option, $"'{word}' is not of the form NAME or NAME=ADDRESS");
    }

    private static (string Place, string? Weight) SplitWeight(string word)
    {
        var colon = word.LastIndexOf(':');
        return colon >= 0 && colon > EndOfPlace(word) ? (word[..colon], word[(colon + 1)..]) : (word, null);
    }

    // Where name, scheme, host and port end at the earliest: a colon after it is no part of them.
    private static int EndOfPlace(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return -1;
        }

        var scheme = word.IndexOf("://", equals, StringComparison.Ordinal);
        var host = scheme < 0 ? equals + 1 : scheme + 3;
        while (host < word.Length && word[host] == '/')
        {
            host++;
        }

        var bracket = word.IndexOf(']', host);
        var end = word.IndexOfAny([':', '/'], bracket < 0 ? host : bracket);
        return end < 0 ? word.Length : end;
    }
}
