using System.ComponentModel.DataAnnotations;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>How denoisers and verifiers are found and called, section <c>Mesh</c> of the configuration.</summary>
public sealed class MeshOptions
{
    public const string Section = "Mesh";

    /// <summary>How often names are looked up for new pods. A lost connection has them looked up at once.</summary>
    /// <value>Default: 3.</value>
    [Range(1, 3600)]
    public int ResolveSeconds { get; set; } = 3;
}
