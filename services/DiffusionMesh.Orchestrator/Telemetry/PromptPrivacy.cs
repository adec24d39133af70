using System.Collections.Immutable;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>Keeps the prompts of a search out of what spans and logs say, unless the configuration asks for them.</summary>
internal sealed class PromptPrivacy(SearchSpec spec, bool shown)
{
    private const string Hidden = "[prompt]";

    // The longer first: one may be part of the other.
    private readonly ImmutableArray<string> _hidden = shown
        ? []
        : [.. new[] { TextOf(spec.Condition), TextOf(spec.NegativeCondition) }.OfType<string>().OrderByDescending(prompt => prompt.Length)];

    /// <summary>The prompt, if it may be told.</summary>
    public string? Prompt => shown ? TextOf(spec.Condition) : null;

    /// <summary>What guidance steers away from, if it may be told.</summary>
    public string? NegativePrompt => shown ? TextOf(spec.NegativeCondition) : null;

    /// <summary>A text without the prompts that a service may have put into it.</summary>
    public string Hide(string text) => _hidden.Aggregate(text, (all, prompt) => all.Replace(prompt, Hidden, StringComparison.OrdinalIgnoreCase));

    private static string? TextOf(Condition? condition) => condition is Condition.Prompt prompt ? prompt.Text : null;
}
