using System.Globalization;
using DiffusionMesh.Cli.Documents;
using static DiffusionMesh.Cli.Report.ReportPage;

namespace DiffusionMesh.Cli.Report;

/// <summary>The ledger and the specification as tables.</summary>
internal static class FactSections
{
    public static string Ledger(LedgerSection ledger) => $"""
        <section>
        <h2>Ledger</h2>
        <table>
        {Row("NFE of the search", ledger.Nfe.Search)}
        {Row("NFE of the final run", ledger.Nfe.Final)}
        {Row("NFE wasted", ledger.Nfe.Wasted)}
        {Row("NFE in all", ledger.Nfe.Total, "total")}
        {Row("Network rows", ledger.NetworkRows)}
        {Row("Images decoded", ledger.Decodes)}
        {Join(ledger.VerifierCalls.Select(calls => Row($"Scores by {calls.Key}", calls.Value)))}
        <tr><th>Wall time</th><td class="number">{SpecText.Seconds(ledger.WallSeconds)}</td></tr>
        </table>
        </section>
        """;

    public static string Spec(SearchDocument document) => $"""
        <section>
        <h2>Specification</h2>
        <table class="facts">
        {Join(Facts(document.Search.Spec).Select(fact => $"<tr><th>{Text(fact.Name)}</th><td>{Text(fact.Value)}</td></tr>"))}
        <tr><th>Search</th><td>{Text(document.Search.Id)}</td></tr>
        </table>
        </section>
        """;

    private static IEnumerable<(string Name, string Value)> Facts(SpecSection spec)
    {
        yield return ("Condition", SpecText.Describe(spec.Condition));
        if (spec.NegativeCondition is not null)
        {
            yield return ("Away from", SpecText.Describe(spec.NegativeCondition));
        }

        var parameters = string.Join(", ", spec.Parameters.Select(parameter => $"{parameter.Key} = {parameter.Value}"));
        yield return ("Algorithm", parameters.Length == 0 ? spec.Algorithm : $"{spec.Algorithm} ({parameters})");
        yield return ("Seed", spec.Seed.ToString(CultureInfo.InvariantCulture));
        yield return ("Budget", $"{SpecText.Count(spec.BudgetNfe)} NFE");
        yield return ("Sampler", $"{spec.Sampler}, {spec.Steps} steps");
        yield return ("Guidance", spec.Guidance?.ToString(CultureInfo.InvariantCulture) ?? "none");
        if (spec.Sampling is { } sampling)
        {
            yield return ("Sampling", SpecText.Sampling(sampling));
        }

        if (spec.TorchSeed is { } torchSeed)
        {
            yield return ("First noise", $"torch.manual_seed({torchSeed})");
        }

        if (spec.FinalSteps > 0)
        {
            yield return ("Final run", $"{spec.FinalSteps} steps");
        }

        if (spec.TargetScore is { } target)
        {
            yield return ("Stop at score", target.ToString(CultureInfo.InvariantCulture));
        }

        if (spec.MaxSeconds is { } seconds)
        {
            yield return ("Stop after", SpecText.Seconds(seconds));
        }

        if (spec.Verifiers.Count(verifier => !verifier.HeldOut) > 1)
        {
            yield return ("Ensemble", spec.Ensemble);
        }

        if (spec.StopOnHacking)
        {
            yield return ("Stop on hacking", "yes");
        }

        yield return ("Model", spec.Model);
        yield return ("Model digest", spec.ModelDigest);
        yield return ("Compute class", spec.OnOtherComputeClass == "refuse" ? spec.ComputeClass : $"{spec.ComputeClass}, others: {spec.OnOtherComputeClass}");
        foreach (var verifier in spec.Verifiers)
        {
            yield return ($"{(verifier.HeldOut ? "Held out" : "Verifier")} {verifier.Name}", Describe(verifier, spec));
        }
    }

    private static string Describe(VerifierSelectionSection verifier, SpecSection spec)
    {
        var isOneOfSeveral = !verifier.HeldOut && spec.Verifiers.Count(other => !other.HeldOut) > 1;
        var weight = isOneOfSeveral ? $"weight {verifier.Weight.ToString(CultureInfo.InvariantCulture)}, " : "";
        var address = verifier.Address is { } at ? $"at {at}, " : "";
        return $"{verifier.Version}, {address}{weight}failure: {verifier.OnFailure}, replacement: {verifier.OnReplacement}, {verifier.WeightsDigest}";
    }

    private static string Row(string name, long count, string kind = "row") =>
        $"""<tr class="{kind}"><th>{Text(name)}</th><td class="number">{SpecText.Count(count)}</td></tr>""";
}
