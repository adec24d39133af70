using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace DiffusionMesh.Cli.CommandLine;

/// <summary>Options that take a number of a range, and say so when they get something else.</summary>
internal static class NumberOption
{
    /// <param name="name">With its dashes.</param>
    /// <param name="helpName">What help calls the value.</param>
    /// <param name="minimum">Smallest value allowed.</param>
    /// <param name="maximum">Largest value allowed.</param>
    /// <param name="description">What it does and what the default is.</param>
    public static Option<T?> Create<T>(string name, string helpName, T minimum, T maximum, string description)
        where T : struct, INumber<T>, IMinMaxValue<T> => new(name)
        {
            HelpName = helpName,
            Description = description,
            CustomParser = result =>
            {
                var word = result.Tokens.Single().Value;
                if (T.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
                {
                    return value;
                }

                var kind = T.IsInteger(T.One / (T.One + T.One)) ? "a whole number" : "a number";
                var range = (minimum == T.MinValue, maximum == T.MaxValue) switch
                {
                    (true, true) => "",
                    (false, true) => string.Create(CultureInfo.InvariantCulture, $" of at least {minimum}"),
                    _ => string.Create(CultureInfo.InvariantCulture, $" from {minimum} to {maximum}"),
                };
                result.AddError($"must be {kind}{range}, not '{word}'");
                return null;
            },
        };
}
