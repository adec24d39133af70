namespace DiffusionMesh.ServiceDefaults.Telemetry;

/// <summary>What telemetry may tell, section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>Whether spans hold the prompts of searches, and errors in spans and logs what services say of them.</summary>
    /// <value>Default: false.</value>
    public bool Prompts { get; set; }
}
