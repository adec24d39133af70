using System.ComponentModel.DataAnnotations;

namespace DiffusionMesh.ServiceDefaults.Limits;

/// <summary>What one caller may take of a host, section <c>Limits</c>.</summary>
public sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Calls of one caller that are under way at once. A caller is a tenant, or an address where there is none.</summary>
    /// <value>Default: 1024.</value>
    [Range(1, 1_000_000)]
    public int CallsPerCaller { get; set; } = 1024;

    /// <summary>Streams among them.</summary>
    /// <value>Default: 512.</value>
    [Range(1, 1_000_000)]
    public int StreamsPerCaller { get; set; } = 512;

    /// <summary>How long a caller may leave what is sent to it unread before its call is cut off.</summary>
    /// <value>Default: 60.</value>
    [Range(1, 86_400)]
    public int WriteSeconds { get; set; } = 60;
}
