using System.ComponentModel.DataAnnotations;

namespace DiffusionMesh.Orchestrator;

/// <summary>What a tenant gets, read from the section <c>Orchestrator:Tenants:NAME</c>.</summary>
public sealed class TenantOptions
{
    /// <summary>Its part of what orchestrators can do, beside the other tenants' shares.</summary>
    /// <value>Default: 1.</value>
    [Range(0.001, 1000)]
    public double Share { get; set; } = 1;

    /// <summary>Searches that may wait.</summary>
    /// <value>Default: none; <see cref="OrchestratorOptions.MaxQueuedSearches"/> holds.</value>
    [Range(1, 100_000)]
    public int? MaxQueued { get; set; }

    /// <summary>What its searches may spend in a day, UTC, in NFE; 0 for as much as they like.</summary>
    /// <value>Default: none; <see cref="OrchestratorOptions.NfePerDay"/> holds.</value>
    [Range(0, long.MaxValue)]
    public long? NfePerDay { get; set; }
}
