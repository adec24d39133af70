using System.Globalization;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;

namespace DiffusionMesh.Cli.Report;

/// <summary>The command that runs a search again.</summary>
internal static class SearchCommandLine
{
    public static string For(SpecSection spec) => string.Join(' ', Words(spec));

    /// <summary>Its words, quoted for a POSIX shell.</summary>
    public static IReadOnlyList<string> Words(SpecSection spec)
    {
        var words = new List<string> { "dmesh", "search" };
        if (spec.Condition.Prompt is { } prompt)
        {
            words.Add(ShellWords.Quote(prompt));
        }
        else if (spec.Condition.ClassLabel is { } label)
        {
            words.AddRange(["--class", Text(label)]);
        }

        words.AddRange(["--model", ShellWords.Quote(spec.Model), "--algorithm", ShellWords.Quote(spec.Algorithm)]);
        words.AddRange(spec.Parameters.SelectMany(parameter => new[] { "--param", ShellWords.Quote($"{parameter.Key}={parameter.Value}") }));
        words.AddRange(["--budget", Text(spec.BudgetNfe), "--steps", Text(spec.Steps), "--sampler", ShellWords.Quote(spec.Sampler)]);
        if (spec.Guidance is { } guidance)
        {
            words.AddRange(["--guidance", Text(guidance)]);
        }

        words.AddRange(Sampling(spec));
        words.AddRange(spec.Verifiers.SelectMany(verifier => new[] { verifier.HeldOut ? "--held-out" : "--verifier", ShellWords.Quote(Verifier(verifier)) }));
        words.AddRange(Policies(spec));
        words.AddRange(["--seed", Text(spec.Seed)]);
        words.AddRange(Optional(spec));
        return words;
    }

    private static string Verifier(VerifierSelectionSection verifier) =>
        verifier.Name
        + (verifier.Address is { } address ? $"={address}" : "")
        + (verifier.Weight == 1 ? "" : $":{Text(verifier.Weight)}");

    // What is not at its default; without schedules to compare with, that is named always.
    private static IEnumerable<string> Sampling(SpecSection spec)
    {
        if (spec.TorchSeed is { } seed)
        {
            yield return "--torch-seed";
            yield return Text(seed);
        }

        if (spec.Sampling is not { } sampling)
        {
            yield break;
        }

        if (sampling.Schedule.Length > 0)
        {
            yield return "--schedule";
            yield return ShellWords.Quote(sampling.Schedule);
        }

        if (sampling.Eta is { } eta)
        {
            yield return "--eta";
            yield return Text(eta);
        }

        if (sampling.ResolutionShift != 1)
        {
            yield return "--resolution-shift";
            yield return Text(sampling.ResolutionShift);
        }

        if (sampling.GuidanceRescale > 0)
        {
            yield return "--guidance-rescale";
            yield return Text(sampling.GuidanceRescale);
        }

        if ((sampling.GuidanceFromNoiseLevel, sampling.GuidanceToNoiseLevel) != (1, 0))
        {
            yield return "--guidance-interval";
            yield return $"{Text(sampling.GuidanceFromNoiseLevel)},{Text(sampling.GuidanceToNoiseLevel)}";
        }
    }

    // The command line has one policy for all of them.
    private static IEnumerable<string> Policies(SpecSection spec)
    {
        if (spec.Ensemble != "rank")
        {
            yield return "--ensemble";
            yield return ShellWords.Quote(spec.Ensemble);
        }

        if (spec.Verifiers.FirstOrDefault(verifier => verifier.OnFailure != "exclude") is { OnFailure: var onFailure })
        {
            yield return "--on-verifier-failure";
            yield return onFailure;
        }

        if (spec.Verifiers.FirstOrDefault(verifier => verifier.OnReplacement != "refuse") is { OnReplacement: var onReplacement })
        {
            yield return "--on-verifier-replacement";
            yield return onReplacement;
        }

        if (spec.StopOnHacking)
        {
            yield return "--stop-on-hacking";
        }

        if (spec.OnOtherComputeClass != "refuse")
        {
            yield return "--on-other-compute-class";
            yield return spec.OnOtherComputeClass;
        }
    }

    private static IEnumerable<string> Optional(SpecSection spec)
    {
        if (spec.NegativeCondition?.Prompt is { } negative)
        {
            yield return "--negative";
            yield return ShellWords.Quote(negative);
        }

        if (spec.FinalSteps > 0)
        {
            yield return "--final-steps";
            yield return Text(spec.FinalSteps);
        }

        if (spec.KBest > 1)
        {
            yield return "--k-best";
            yield return Text(spec.KBest);
        }

        if (spec.TargetScore is { } target)
        {
            yield return "--target-score";
            yield return Text(target);
        }

        if (spec.MaxSeconds is { } seconds)
        {
            yield return "--max-seconds";
            yield return Text(seconds);
        }
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
