using System.Collections.Immutable;
using DiffusionMesh.Search.Ranking;

namespace DiffusionMesh.Search.Guarding;

/// <summary>Finds the survivors of a round and what all verifiers say of them.</summary>
internal sealed class SurvivorSelection(SearchSpec spec, SelectionRule rule, Reward reward, ScoreScales scales)
{
    private readonly ImmutableArray<int> _heldOut =
        [.. Enumerable.Range(0, spec.Verifiers.Length).Where(v => spec.Verifiers[v].HeldOut)];

    /// <param name="finished">All finished candidates that take part in the choice, best first.</param>
    /// <param name="ofRound">All candidates of the round that has ended.</param>
    /// <param name="candidates">Of the search so far.</param>
    public IReadOnlyList<Survivor> Of(
        ImmutableArray<Standing> finished,
        IEnumerable<Candidate> ofRound,
        IReadOnlyList<Candidate> candidates)
    {
        var best = finished.IsEmpty ? rule.Rank(ofRound) : finished;
        return [.. best.Take(HackingGuard.MaxSurvivors).Select(standing => Survivor(standing.Candidate, candidates))];
    }

    private Survivor Survivor(Candidate candidate, IReadOnlyList<Candidate> candidates)
    {
        var judged = _heldOut.Select(v => scales.Standing(candidate, v, candidates)).OfType<double>().ToArray();
        return new Survivor(
            reward.Of(candidate, candidates)!.Value,
            judged.Length == 0 ? null : judged.Average(),
            candidate.IsFinished,
            candidate.Image!);
    }
}
