using System.Collections.Immutable;

namespace DiffusionMesh.Search.Accounting;

/// <summary>What was paid. A function of the results, however many of them came from the journal.</summary>
/// <param name="NfeSearch">Evaluations of the denoiser; equals the sum over the candidates.</param>
/// <param name="NfeFinal">Evaluations of the final run.</param>
/// <param name="NfeWasted">Evaluated and lost with a failed or interrupted call.</param>
/// <param name="NetworkRows">Rows of the network, the final run included: a guided step takes two.</param>
/// <param name="Decodes">Images decoded, the final run included.</param>
/// <param name="VerifierCalls">Images sent to be scored, by verifier, the final run included.</param>
public sealed record Ledger(
    long NfeSearch,
    long NfeFinal,
    long NfeWasted,
    long NetworkRows,
    long Decodes,
    ImmutableSortedDictionary<string, long> VerifierCalls)
{
    public long NfeTotal => NfeSearch + NfeFinal + NfeWasted;
}
