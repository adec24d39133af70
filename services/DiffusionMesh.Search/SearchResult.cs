using System.Collections.Immutable;
using DiffusionMesh.Search.Accounting;
using DiffusionMesh.Search.Guarding;
using DiffusionMesh.Search.Running;

namespace DiffusionMesh.Search;

/// <summary>What a search came to. Whatever the end, it holds everything that was paid for.</summary>
/// <param name="StopReason">Why it ended.</param>
/// <param name="Error">Why it could not go on; null unless the reason is <see cref="StopReason.Error"/>.</param>
/// <param name="Best">Best first, at most as many as the specification asks for; empty if nothing was scored.</param>
/// <param name="Candidates">In the order of proposal.</param>
public sealed record SearchResult(
    StopReason StopReason,
    string? Error,
    ImmutableArray<BestCandidate> Best,
    ImmutableArray<Candidate> Candidates,
    Ledger Ledger)
{
    /// <summary>What went on without a verifier, or with another one than it began with: one sentence each.</summary>
    public ImmutableArray<string> Degradations { get; init; } = [];

    /// <summary>One for each round whose survivors were judged; none if no verifier is held out.</summary>
    public ImmutableArray<HackingRound> Hacking { get; init; } = [];

    /// <summary>For verifiers with state, by name: the state that follows if the best candidate is kept.</summary>
    public ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> VerifierStates { get; init; } = KeptStates.None;
}

/// <summary>One of the best candidates.</summary>
/// <param name="Candidate">Number of the candidate.</param>
/// <param name="SearchScore">
/// What the search selected by: the score under its verifier, or what the rule for several made of their scores.
/// </param>
/// <param name="Scores">Scores of <paramref name="Image"/>, in the order of the verifiers.</param>
/// <param name="Image">That of the final run where one was made, else the candidate's own.</param>
public sealed record BestCandidate(
    int Candidate,
    double SearchScore,
    ImmutableArray<VerifierScore> Scores,
    SampleImage Image);
