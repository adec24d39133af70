using DiffusionMesh.Search.Accounting;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>
/// The candidates of a search and what they cost. A segment that two candidates share is charged to the one proposed
/// first, wherever its result comes from.
/// </summary>
internal sealed class CandidatePool(SearchSpec spec, SearchEnvironment environment, LedgerBook ledger)
{
    private readonly List<Candidate> _candidates = [];
    private readonly HashSet<ContentKey> _known = [];

    public NfeBudget Budget { get; } = new(spec.BudgetNfe);

    public IReadOnlyList<Candidate> Candidates => _candidates;

    /// <summary>Whether the budget would admit a proposal.</summary>
    public bool Fits(Proposal proposal) => Cost(SegmentOf(proposal), out _) <= Budget.Left;

    /// <summary>Admits proposals, in their order, up to the first that does not fit into the budget.</summary>
    public List<Admission> Admit(int round, IReadOnlyList<Proposal> proposals)
    {
        var admitted = new List<Admission>(proposals.Count);
        var items = new Dictionary<ContentKey, EvaluationItem>();
        foreach (var proposal in proposals)
        {
            var segment = SegmentOf(proposal);
            var cost = Cost(segment, out var key);
            if (!Budget.TrySpend(cost))
            {
                break;
            }

            var isFirst = _known.Add(key);
            if (!items.TryGetValue(key, out var item))
            {
                item = new EvaluationItem(key, segment, isFirst, environment.Verifiers.Length);
                items.Add(key, item);
            }

            admitted.Add(new Admission(_candidates.Count, item, isFirst));
            _candidates.Add(new Candidate
            {
                Number = _candidates.Count,
                Parent = proposal.Parent,
                Round = round,
                Noise = proposal.Noise,
            });
        }

        return admitted;
    }

    /// <summary>Takes over what is known of a candidate's segment.</summary>
    public Candidate Update(Admission admission)
    {
        var candidate = _candidates[admission.Number];
        if (admission.Item.Sampled is not { } sampled)
        {
            return candidate;
        }

        var nfe = admission.Pays ? sampled.Nfe : 0;
        candidate = candidate with
        {
            Nfe = nfe,
            NfePath = nfe + (candidate.Parent is { } parent ? _candidates[parent].NfePath : 0),
            Image = sampled.Image,
            State = CandidateState.Sampled,
        };
        if (admission.Item.IsComplete)
        {
            var scores = admission.Item.Scores(environment.Verifiers);
            var missing = scores.Any(score => score.Outcome is ScoreOutcome.Missing);
            candidate = candidate with
            {
                Scores = scores,
                State = missing ? CandidateState.Unscored : CandidateState.Scored,
            };
        }

        return _candidates[admission.Number] = candidate;
    }

    /// <summary>Whether a segment is that of a candidate.</summary>
    public bool Knows(ContentKey key) => _known.Contains(key);

    public Ledger Ledger => ledger.Close();

    private Segment SegmentOf(Proposal proposal) => new(proposal.Noise, spec.Steps);

    private long Cost(Segment segment, out ContentKey key)
    {
        key = ContentKeys.Of(spec, segment);
        return _known.Contains(key) ? 0 : environment.Sampler.Cost(segment);
    }
}

/// <summary>A candidate that the budget admitted.</summary>
/// <param name="Pays">Whether the cost of its segment is charged to it.</param>
internal readonly record struct Admission(int Number, EvaluationItem Item, bool Pays);
