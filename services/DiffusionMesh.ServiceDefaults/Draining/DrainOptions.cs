using System.ComponentModel.DataAnnotations;

namespace DiffusionMesh.ServiceDefaults.Draining;

/// <summary>How a host that computes is stopped, read from the root of its configuration.</summary>
public sealed class DrainOptions
{
    /// <summary>
    /// How long a host that is stopped may finish the calls that it has; what is unfinished then is handed back. Whoever
    /// stops it must not kill it before this and <see cref="HandBackSeconds"/> are over.
    /// </summary>
    /// <value>Default: 30.</value>
    [Range(0, 86_400)]
    public int DrainSeconds { get; set; } = 30;

    /// <summary>How long the host takes at most to end when the time is over.</summary>
    public const int HandBackSeconds = 10;
}
