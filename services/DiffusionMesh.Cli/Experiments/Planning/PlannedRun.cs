using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cli.Experiments.Planning;

/// <summary>A search to be run, or found in the store.</summary>
/// <param name="Key">Content of the run: SHA-256, 64 hexadecimal digits.</param>
/// <param name="Spec">What is sent.</param>
/// <param name="Nfe">What it is expected to spend, the final run included.</param>
/// <param name="Rows">The same in network rows.</param>
/// <param name="Images">Samples that are scored, as far as is known.</param>
/// <param name="IsPool">Whether all candidates are kept, to be chosen among afterwards.</param>
internal sealed record PlannedRun(string Key, SearchSpec Spec, long Nfe, long Rows, long Images, bool IsPool)
{
    /// <summary>Wall time that it may take; null where NFE are its limit. Such runs have the machine for themselves.</summary>
    public TimeSpan? Limit => Spec.MaxDuration?.ToTimeSpan();
}
