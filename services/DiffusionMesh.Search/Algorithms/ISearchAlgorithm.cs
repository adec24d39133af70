using System.Collections.Immutable;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search.Running;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>
/// Proposes candidates, round by round. It reads no clock, has no randomness but the addresses it makes from the seed, and
/// sees a round only when it is complete, in the order of proposal.
/// </summary>
public interface ISearchAlgorithm : INamed
{
    /// <summary>What it does, in a sentence or two.</summary>
    string Description { get; }

    ImmutableArray<AlgorithmParameter> Parameters { get; }

    /// <summary>What is wrong between parameters that are each valid.</summary>
    /// <param name="parameters">All of them, in normal form.</param>
    IEnumerable<ParameterConflict> Conflicts(ImmutableSortedDictionary<string, string> parameters) => [];

    /// <summary>
    /// Whether it makes drafts, which are scored. Then verifiers that compare the sample with predictions of it cannot serve it.
    /// </summary>
    /// <param name="parameters">In normal form.</param>
    bool ScoresDrafts(ImmutableSortedDictionary<string, string> parameters);

    /// <summary>How many candidates it will try, as far as it can tell.</summary>
    /// <param name="spec">With all parameters filled in.</param>
    /// <param name="nfePerCandidate">At least 1.</param>
    long PlannedCandidates(SearchSpec spec, long nfePerCandidate);

    /// <summary>Runs rounds until the session ends or nothing more is to be proposed.</summary>
    Task RunAsync(SearchSession session);
}
