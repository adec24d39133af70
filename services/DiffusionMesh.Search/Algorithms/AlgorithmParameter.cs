using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>A parameter of an algorithm, as clients write it.</summary>
public abstract record AlgorithmParameter(string Name, string Description)
{
    /// <summary>The default, as a client would write it.</summary>
    public abstract string DefaultText { get; }

    /// <summary>Brings a text into the one form that its value is written in.</summary>
    /// <param name="text">What a client wrote.</param>
    /// <param name="normal">The value in its normal form.</param>
    /// <param name="problem">What is wrong with the text, for the client to read.</param>
    public abstract bool TryNormalize(
        string text,
        [NotNullWhen(true)] out string? normal,
        [NotNullWhen(false)] out string? problem);

    /// <summary>The text of this parameter among a specification's.</summary>
    protected string TextIn(ImmutableSortedDictionary<string, string> parameters) =>
        parameters.GetValueOrDefault(Name, DefaultText);
}
