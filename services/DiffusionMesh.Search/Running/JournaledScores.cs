using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>Scores as a search's journal holds them: by what was scored, and by which weights of the verifier.</summary>
internal sealed class JournaledScores(SearchSpec spec, IJournal journal)
{
    /// <summary>What a verifier, or one that replaced it, answered before. Null if there is nothing.</summary>
    public async Task<ScoreOutcome?> FindAsync(EvaluationItem item, int verifier)
    {
        var outcome = await journal.FindScoreAsync(Key(item, verifier, by: null)).ConfigureAwait(false);
        foreach (var replacement in await journal.ReplacementsAsync().ConfigureAwait(false))
        {
            if (outcome is null && replacement.Verifier == spec.Verifiers[verifier].Name)
            {
                outcome = await journal.FindScoreAsync(Key(item, verifier, replacement)).ConfigureAwait(false);
            }
        }

        return outcome;
    }

    /// <summary>Whether the run that this one repeats had such a score.</summary>
    public bool IsRepeated(EvaluationItem item, int verifier) => journal.IsRepeated(Key(item, verifier, by: null));

    /// <summary>Returns once the journal holds all of a batch.</summary>
    public async Task RecordAsync(IReadOnlyList<EvaluationItem> batch, int verifier, ScoredBatch scored)
    {
        if (scored.Replacement is { } by)
        {
            await journal.RecordReplacementAsync(by).ConfigureAwait(false);
        }

        var name = spec.Verifiers[verifier].Name;
        await Task.WhenAll(batch.Select((item, i) => journal
            .RecordScoreAsync(Key(item, verifier, scored.Replacement), new VerifierScore(name, scored.Outcomes[i]))
            .AsTask())).ConfigureAwait(false);
    }

    private ContentKey Key(EvaluationItem item, int verifier, VerifierReplacement? by)
    {
        var choice = spec.Verifiers[verifier];
        return ContentKeys.Of(
            spec,
            by is null ? choice : choice with { WeightsDigest = by.WeightsDigest, ComputeClass = by.ComputeClass },
            item.Key);
    }
}
