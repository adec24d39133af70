using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;

namespace DiffusionMesh.Cli.Experiments.Planning;

/// <summary>Names a run by all that determines its result: two experiments that need the same run share it.</summary>
internal static class RunKey
{
    public static string Of(SearchSpec spec, IReadOnlyDictionary<string, Verifier> verifiers)
    {
        var text = new StringBuilder();
        Line("model", spec.Model, spec.ModelDigest);
        Line("condition", spec.Condition.KindCase, spec.Condition.Prompt, spec.Condition.ClassLabel);
        Line("algorithm", spec.Algorithm);
        foreach (var (name, value) in spec.Parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
        {
            Line("parameter", name, value);
        }

        Line("seed", spec.Seed);
        Line("budget", spec.BudgetNfe, spec.MaxDuration?.ToTimeSpan().Ticks ?? 0);
        Line("sampling", spec.Sampler, spec.Steps, spec.Guidance, spec.FinalSteps);
        if (spec.Sampling is { } sampling)
        {
            Line("options", sampling.HasEta, sampling.Eta, sampling.Schedule, sampling.HasResolutionShift, sampling.ResolutionShift);
            Line("guided", sampling.GuidanceRescale, sampling.HasGuidanceFromNoiseLevel, sampling.GuidanceFromNoiseLevel, sampling.GuidanceToNoiseLevel);
        }

        Line("ensemble", spec.Ensemble);
        foreach (var selection in spec.Verifiers)
        {
            Line("verifier", selection.Name, selection.Weight, selection.HeldOut, verifiers[selection.Name].WeightsDigest);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        void Line(params ReadOnlySpan<object> parts)
        {
            foreach (var part in parts)
            {
                var written = Convert.ToString(part, CultureInfo.InvariantCulture) ?? "";
                text.Append(CultureInfo.InvariantCulture, $"{written.Length}:{written} ");
            }

            text.Append('\n');
        }
    }
}
