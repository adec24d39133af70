using System.Collections.Immutable;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>What a search reaches the world through.</summary>
/// <param name="Verifiers">In the order of the specification's.</param>
/// <param name="MaxWastedNfe">Once more than this was lost, with what the journal says was lost before, the search fails.</param>
public sealed record SearchEnvironment(
    ISegmentSampler Sampler,
    ImmutableArray<IVerifier> Verifiers,
    IJournal Journal,
    ISearchObserver Observer,
    IStopSignal Stop,
    long MaxWastedNfe);
