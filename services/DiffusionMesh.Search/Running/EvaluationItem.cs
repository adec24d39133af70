using System.Collections.Immutable;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>A segment on its way: to be sampled, then scored by every verifier.</summary>
internal sealed class EvaluationItem(ContentKey key, Segment segment, bool isFirst, int verifiers)
{
    private readonly ScoreOutcome?[] _outcomes = new ScoreOutcome?[verifiers];
    private int _open = verifiers;

    public ContentKey Key { get; } = key;

    public Segment Segment { get; } = segment;

    /// <summary>Whether the search asks for it for the first time: only then it costs anything.</summary>
    public bool IsFirst { get; } = isFirst;

    /// <summary>Null until it was sampled.</summary>
    public SampledSegment? Sampled { get; set; }

    /// <summary>In the order of the verifiers; null where none has come yet.</summary>
    public IReadOnlyList<ScoreOutcome?> Outcomes => _outcomes;

    /// <summary>Whether every verifier answered.</summary>
    public bool IsComplete => Sampled is not null && _open == 0;

    public void Answer(int verifier, ScoreOutcome outcome)
    {
        _outcomes[verifier] = outcome;
        _open--;
    }

    public ImmutableArray<VerifierScore> Scores(IReadOnlyList<IVerifier> verifiers) =>
        [.. _outcomes.Select((outcome, v) => new VerifierScore(verifiers[v].Name, outcome!))];
}
