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

    /// <summary>
    /// Once this part of the calls to a denoiser or verifier fails, over all its pods, in percent, none is made for a while.
    /// Then one question decides whether calls are made again.
    /// </summary>
    /// <value>Default: 80.</value>
    [Range(1, 100)]
    public int CircuitFailurePercent { get; set; } = 80;

    /// <summary>Calls that have to be made within <see cref="CircuitSeconds"/> before their failures count.</summary>
    /// <value>Default: 10.</value>
    [Range(2, 1_000_000)]
    public int CircuitMinimumCalls { get; set; } = 10;

    /// <summary>How far back calls count.</summary>
    /// <value>Default: 10.</value>
    [Range(1, 3600)]
    public int CircuitSeconds { get; set; } = 10;

    /// <summary>How long no call is made.</summary>
    /// <value>Default: 3.</value>
    [Range(1, 3600)]
    public int CircuitBreakSeconds { get; set; } = 3;

    /// <summary>
    /// A call that takes half as long again as this percentile of the latest calls of its size is made a second time on
    /// another pod. The first answer counts; what the other call cost is wasted.
    /// </summary>
    /// <value>Default: 95.</value>
    [Range(50, 100)]
    public int HedgePercentile { get; set; } = 95;

    /// <summary>Calls of a size that have to be measured before any is made twice.</summary>
    /// <value>Default: 20.</value>
    [Range(2, 200)]
    public int HedgeMinimumCalls { get; set; } = 20;

    /// <summary>
    /// Most that calls made twice may cost: this part of a search's budget in NFE, and of its images for each verifier, in
    /// percent; never more than <c>Orchestrator:MaxWastedPercent</c>.
    /// </summary>
    /// <value>Default: 10. 0: no call is made twice.</value>
    [Range(0, 100)]
    public int HedgePercent { get; set; } = 10;
}
