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

    /// <summary>
    /// A pod that has calls is pinged once it has been silent for this long, and left if it does not answer within as long
    /// again. Servers on gRPC's C core, such as those in Python, take such pings for abuse unless they are told not to.
    /// </summary>
    /// <value>Default: 5.</value>
    [Range(1, 3600)]
    public int KeepAliveSeconds { get; set; } = 5;
}
