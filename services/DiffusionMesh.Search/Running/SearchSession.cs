using System.Collections.Immutable;
using DiffusionMesh.Search.Accounting;
using DiffusionMesh.Search.Guarding;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ranking;

namespace DiffusionMesh.Search.Running;

/// <summary>What an algorithm works with: rounds of candidates, within the budget.</summary>
public sealed class SearchSession
{
    // Where the journal keeps it: rounds count from 0, and the final run is -1.
    private const int FinishingRound = -2;

    private readonly SearchEnvironment _environment;
    private readonly LedgerBook _ledger;
    private readonly CandidatePool _pool;
    private readonly SelectionRule _rule;
    private readonly Reward _reward;
    private readonly SurvivorSelection _survivors;
    private readonly HackingGuard? _guard;
    private readonly CancellationToken _abort;
    private int _rounds;

    internal SearchSession(SearchSpec spec, SearchEnvironment environment, LedgerBook ledger, CancellationToken abort)
    {
        (Spec, _environment, _ledger, _abort) = (spec, environment, ledger, abort);
        _rule = SelectionRule.Of(spec, environment.Verifiers);
        _pool = new CandidatePool(spec, environment, _rule, ledger);
        var scales = new ScoreScales(environment.Verifiers);
        _reward = new Reward(spec, scales);
        _survivors = new SurvivorSelection(spec, _rule, _reward, scales);
        _guard = spec.Verifiers.Any(choice => choice.HeldOut) ? new HackingGuard() : null;
    }

    public SearchSpec Spec { get; }

    /// <summary>NFE that the search may still spend.</summary>
    public long BudgetLeft => _pool.Budget.Left;

    /// <summary>All candidates so far, in the order of proposal.</summary>
    public IReadOnlyList<Candidate> Candidates => _pool.Candidates;

    /// <summary>Null while the search goes on.</summary>
    internal StopReason? StopReason { get; private set; }

    internal CandidatePool Pool => _pool;

    internal ImmutableArray<HackingRound> Hacking => _guard?.Rounds ?? [];

    /// <summary>What a proposal would cost, in NFE: nothing if its segment was asked for before.</summary>
    public long Cost(Proposal proposal) => _pool.Cost(proposal);

    /// <summary>What a segment that was never asked for would cost, in NFE: levels play no part in it.</summary>
    /// <param name="steps">At least 1.</param>
    /// <param name="finishes">Whether it ends at noise level 0.</param>
    public long CostOfSegment(int steps, bool finishes) => _pool.CostOfSegment(steps, finishes);

    /// <summary>All finished candidates that take part in the choice, best first: what the result is chosen from.</summary>
    public ImmutableArray<Standing> Rank() => _rule.Rank(_pool.Candidates.Where(candidate => candidate.IsFinished));

    /// <summary>Those of some candidates that take part in a choice among them, drafts included, best first.</summary>
    public ImmutableArray<Standing> Rank(IEnumerable<Candidate> candidates) => _rule.Rank(candidates);

    /// <summary>
    /// How good a candidate is on a fixed scale, higher is better: the weighted mean of its scores' distances from the mean
    /// over real images, in standard deviations. Verifiers that do not know real images take the first round's candidates;
    /// those that are held out have no part.
    /// </summary>
    /// <returns>Null if the candidate takes no part in a choice.</returns>
    public double? Reward(Candidate candidate) => _reward.Of(candidate, _pool.Candidates);

    /// <summary>
    /// Runs a round: admits as many proposals as the budget allows, in their order, samples and scores them.
    /// </summary>
    /// <returns>
    /// The admitted candidates, in the order of proposal; null if the search has ended, and then the algorithm returns.
    /// </returns>
    public async Task<IReadOnlyList<Candidate>?> RunRoundAsync(IReadOnlyList<Proposal> proposals)
    {
        ArgumentOutOfRangeException.ThrowIfZero(proposals.Count);
        if (StopReason is null && Cost(proposals[0]) > BudgetLeft)
        {
            StopReason = Search.StopReason.BudgetSpent;
        }

        StopReason ??= await StopBeforeAsync(_rounds).ConfigureAwait(false);
        if (StopReason is not null)
        {
            return null;
        }

        var candidates = await EvaluateRoundAsync(proposals, journalRound: _rounds).ConfigureAwait(false);
        return StopReason is null ? candidates : null;
    }

    /// <summary>
    /// Where nothing is finished when the search is stopped between rounds, its best draft of those that got farthest is:
    /// a stop must not waste what was paid.
    /// </summary>
    internal async Task FinishBestDraftAsync()
    {
        var scored = _pool.Candidates.Where(candidate => candidate.State == CandidateState.Scored).ToArray();
        if (StopReason is not (Search.StopReason.TimeLimit or Search.StopReason.Hacking) || scored.Length == 0 || !Rank().IsEmpty)
        {
            return;
        }

        var farthest = scored.Min(candidate => candidate.ToLevel);
        var draft = Rank(scored.Where(candidate => candidate.ToLevel == farthest))[0].Candidate;
        var steps = Math.Max(1, (int)Math.Round(Spec.Steps * farthest));
        var rest = new Proposal(new SegmentStart.Continuation(draft.Number), steps, farthest);
        if (Cost(rest) <= BudgetLeft)
        {
            await EvaluateRoundAsync([rest], FinishingRound).ConfigureAwait(false);
        }
    }

    private async Task<List<Candidate>> EvaluateRoundAsync(IReadOnlyList<Proposal> proposals, int journalRound)
    {
        var round = _rounds++;
        var admitted = _pool.Admit(round, proposals);
        _environment.Observer.RoundStarted(round, [.. admitted.Select(admission => _pool.Candidates[admission.Number])]);
        var end = await EvaluateAsync(journalRound, admitted).ConfigureAwait(false);
        var candidates = admitted.ConvertAll(_pool.Update);
        await FinishRoundAsync(round, candidates, end).ConfigureAwait(false);
        return candidates;
    }

    private Task<EvaluationEnd> EvaluateAsync(int round, List<Admission> admitted)
    {
        var admissions = admitted.ToLookup(admission => admission.Item);
        var evaluation = new SegmentEvaluation(
            Spec,
            _environment,
            _ledger,
            sampled: item =>
            {
                if (item.IsFirst)
                {
                    _ledger.AddSearch(item.Sampled!);
                }

                Tell(item, _environment.Observer.CandidateSampled);
            },
            finished: item => Tell(item, _environment.Observer.CandidateFinished));
        return evaluation.RunAsync(round, [.. admissions.Select(group => group.Key)], _abort);

        void Tell(EvaluationItem item, Action<Candidate, Ledger> observer)
        {
            foreach (var admission in admissions[item])
            {
                observer(_pool.Update(admission), _pool.Ledger);
            }
        }
    }

    private async Task FinishRoundAsync(int round, List<Candidate> candidates, EvaluationEnd end)
    {
        var standings = Rank();
        BestCandidate? best = standings.IsEmpty ? null : Outcome.BestOf(standings[0]);
        var hacking = _guard?.Judge(round, _survivors.Of(standings, candidates, _pool.Candidates));
        _environment.Observer.RoundFinished(round, best, _pool.Ledger, hacking);

        if (end.Failure is { } failure)
        {
            throw new SearchFailedException(failure);
        }

        if (end.Interrupted)
        {
            StopReason = Search.StopReason.Cancelled;
        }
        else if (candidates.TrueForAll(candidate => candidate.State == CandidateState.Unscored))
        {
            throw new SearchFailedException(Outcome.WhyUnscored(Spec, round, candidates));
        }
        else if (candidates.Select(candidate => Outcome.WhyFailed(Spec, candidate)).FirstOrDefault(reason => reason is not null) is { } reason)
        {
            throw new SearchFailedException(reason);
        }
        else if (StopReason is null && StopAfter(best) is { } stop)
        {
            StopReason = stop;
            await _environment.Journal.RecordRoundAsync(_rounds, new RoundEntry(stop)).ConfigureAwait(false);
        }
    }

    private StopReason? StopAfter(BestCandidate? best) =>
        Spec.TargetScore is { } target && best is not null && _rule.Reaches(best.SearchScore, target) ? Search.StopReason.TargetReached
        : Spec.StopOnHacking && _guard is { HasFound: true } ? Search.StopReason.Hacking
        : null;

    private async Task<StopReason?> StopBeforeAsync(int round)
    {
        if (await _environment.Journal.FindRoundAsync(round).ConfigureAwait(false) is { } entry)
        {
            return entry.StoppedBefore;
        }

        var reason = _environment.Stop.BeforeRound(round);
        await _environment.Journal.RecordRoundAsync(round, new RoundEntry(reason)).ConfigureAwait(false);
        return reason;
    }
}
