using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Accounting;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Ranking;

namespace DiffusionMesh.Search.Running;

/// <summary>
/// The candidates of a search and what they cost. A segment that two candidates share is charged to the one proposed
/// first, wherever its result comes from.
/// </summary>
internal sealed class CandidatePool(SearchSpec spec, SearchEnvironment environment, SelectionRule rule, LedgerBook ledger)
{
    private readonly List<Candidate> _candidates = [];
    private readonly List<EvaluationItem> _items = [];
    private readonly HashSet<ContentKey> _known = [];
    private readonly ImmutableArray<double> _xPredictionLevels =
        [.. environment.Verifiers.SelectMany(verifier => verifier.XPredictionLevels).Distinct().Order()];

    public NfeBudget Budget { get; } = new(spec.BudgetNfe);

    public IReadOnlyList<Candidate> Candidates => _candidates;

    /// <summary>What a proposal would cost, in NFE: nothing if its segment was asked for before.</summary>
    public long Cost(Proposal proposal) => Cost(SegmentOf(proposal), out _);

    /// <summary>What a segment that was never asked for would cost, in NFE.</summary>
    public long CostOfSegment(int steps, bool finishes)
    {
        var anywhere = new SegmentOrigin.Noise(new NoiseExpression.Draw(NoiseAddress.Of(0)));
        return environment.Sampler.Cost(new Segment(anywhere, 1, finishes ? 0 : 0.5, steps));
    }

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
                item = new EvaluationItem(key, segment with { Candidate = _candidates.Count }, isFirst, environment.Verifiers.Length);
                items.Add(key, item);
            }

            admitted.Add(new Admission(_candidates.Count, item, isFirst));
            _items.Add(item);
            _candidates.Add(new Candidate
            {
                Number = _candidates.Count,
                Parent = proposal.Parent,
                Round = round,
                Start = proposal.Start,
                Steps = proposal.Steps,
                FromLevel = proposal.FromLevel,
                ToLevel = proposal.ToLevel,
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
            candidate = candidate with
            {
                Scores = scores,
                State = rule.Accepts(scores) ? CandidateState.Scored : CandidateState.Unscored,
            };
        }

        return _candidates[admission.Number] = candidate;
    }

    /// <summary>Whether a segment is that of a candidate.</summary>
    public bool Knows(ContentKey key) => _known.Contains(key);

    public Ledger Ledger => ledger.Close();

    /// <summary>The segment of a candidate.</summary>
    public Segment SegmentOf(int candidate) => _items[candidate].Segment;

    /// <summary>What came of the segment of a candidate; null until it was sampled.</summary>
    public SampledSegment? SampledOf(int candidate) => _items[candidate].Sampled;

    private Segment SegmentOf(Proposal proposal) => new(Origin(proposal), proposal.FromLevel, proposal.ToLevel, proposal.Steps)
    {
        SamplerNoise = SamplerNoise(proposal.Start),
        XPredictionLevels = proposal.ToLevel == 0 ? _xPredictionLevels : [],
    };

    // A segment that goes on from a state as it is goes on with the noise of the one before.
    private NoiseAddress? SamplerNoise(SegmentStart start) => start switch
    {
        SegmentStart.Noise(var expression) => expression.Origin,
        SegmentStart.Renoise(_, var draw) => draw.Origin,
        SegmentStart.Continuation(var candidate) => _items[candidate].Segment.SamplerNoise,
        _ => null,
    };

    private SegmentOrigin Origin(Proposal proposal) => proposal.Start switch
    {
        SegmentStart.Noise(var expression) => new SegmentOrigin.Noise(expression),
        SegmentStart.Continuation(var candidate) => StateOf(candidate, draw: null),
        SegmentStart.Renoise(var candidate, var draw) => StateOf(candidate, draw),
        _ => throw new ArgumentOutOfRangeException(nameof(proposal), proposal.Start, "not a start"),
    };

    private SegmentOrigin.State StateOf(int candidate, NoiseExpression? draw)
    {
        var item = _items[candidate];
        var state = item.Sampled?.State
            ?? throw new InvalidOperationException($"candidate {candidate} has no state to go on from");
        return new SegmentOrigin.State(item.Key, state, item.Segment.ToLevel, draw);
    }

    private long Cost(Segment segment, out ContentKey key)
    {
        key = ContentKeys.Of(spec, segment);
        return _known.Contains(key) ? 0 : environment.Sampler.Cost(segment);
    }
}

/// <summary>A candidate that the budget admitted.</summary>
/// <param name="Pays">Whether the cost of its segment is charged to it.</param>
internal readonly record struct Admission(int Number, EvaluationItem Item, bool Pays);
