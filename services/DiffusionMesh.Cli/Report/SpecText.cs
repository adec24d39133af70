using System.Globalization;
using DiffusionMesh.Cli.Documents;

namespace DiffusionMesh.Cli.Report;

/// <summary>Words for what a document holds.</summary>
internal static class SpecText
{
    /// <summary>What was searched for: the prompt in quotation marks, or the class.</summary>
    public static string Subject(SearchDocument document) => Describe(document.Search.Spec.Condition);

    public static string Describe(ConditionSection? condition) => condition switch
    {
        { Prompt: { } prompt } => $"“{prompt}”",
        { ClassLabel: { } label, ClassName: { } name } => $"class {label} ({name})",
        { ClassLabel: { } label } => $"class {label}",
        _ => "no condition",
    };

    public static string Score(double? score) =>
        score is { } value ? value.ToString("0.0000", CultureInfo.InvariantCulture) : "no score";

    public static string Count(long count) =>
        count.ToString("N0", CultureInfo.InvariantCulture).Replace(",", "\u2009", StringComparison.Ordinal);

    public static string Seconds(double seconds) => seconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)} min {seconds % 60:00} s");

    public static string Shorten(string text, int length) => text.Length <= length ? text : $"{text[..(length - 1)]}…";

    public static string Noise(NoiseSection? noise) => noise is null
        ? ""
        : Address(noise.Draw) + string.Concat(noise.Rotations.Select(rotation =>
            string.Create(CultureInfo.InvariantCulture, $" → {Address(rotation.Toward)} (cosine {rotation.Cosine})")));

    /// <summary>What the segment of a candidate starts from.</summary>
    public static string Start(CandidateSection candidate) => candidate switch
    {
        { Noise: { } noise } => Noise(noise),
        { RenoiseDraw: { } draw } => $"parent + {Noise(draw)}",
        _ => "parent",
    };

    /// <summary>The noise levels between which a candidate's segment runs.</summary>
    public static string Levels(CandidateSection candidate) =>
        string.Create(CultureInfo.InvariantCulture, $"{candidate.FromNoiseLevel:0.###} → {candidate.ToNoiseLevel:0.###}");

    /// <summary>How many drafts are not shown among the candidates; empty if there are none.</summary>
    public static string DraftsLeftOut(SearchDocument document) => document.Candidates.Count(candidate => candidate.IsDraft) switch
    {
        0 => "",
        1 => "one unfinished draft left out",
        var drafts => $"{Count(drafts)} unfinished drafts left out",
    };

    /// <summary>The schedule, and what is not at its default.</summary>
    public static string Sampling(SamplingSection sampling)
    {
        List<string> parts = [$"schedule {sampling.Schedule}"];
        if (sampling.Eta is { } eta)
        {
            parts.Add(FormattableString.Invariant($"eta {eta}"));
        }

        if (sampling.ResolutionShift != 1)
        {
            parts.Add(FormattableString.Invariant($"resolution shift {sampling.ResolutionShift}"));
        }

        if (sampling.GuidanceRescale > 0)
        {
            parts.Add(FormattableString.Invariant($"guidance rescale {sampling.GuidanceRescale}"));
        }

        if ((sampling.GuidanceFromNoiseLevel, sampling.GuidanceToNoiseLevel) != (1, 0))
        {
            parts.Add(FormattableString.Invariant($"guided from noise level {sampling.GuidanceFromNoiseLevel} to {sampling.GuidanceToNoiseLevel}"));
        }

        return string.Join(", ", parts);
    }

    public static string State(string state) => state.Replace('_', ' ');

    private static string Address(NoiseAddressSection address) =>
        string.Create(CultureInfo.InvariantCulture, $"{(address.Generator is { } generator ? $"{generator}:" : "")}{address.Seed}/{string.Join('.', address.Lineage)}");
}
