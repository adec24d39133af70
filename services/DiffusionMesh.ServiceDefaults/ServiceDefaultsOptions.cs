using System.ComponentModel.DataAnnotations;

namespace DiffusionMesh.ServiceDefaults;

/// <summary>What every host can be told, read from the root of its configuration.</summary>
public sealed class ServiceDefaultsOptions
{
    /// <summary>
    /// A JSON file of further settings, over all others; its tokens and log levels are read again when it changes.
    /// </summary>
    /// <value>Default: none.</value>
    public string SettingsFile { get; set; } = "";

    /// <summary>Write <c>listening ADDRESS</c> to standard output once the host is ready to serve.</summary>
    /// <value>Default: false.</value>
    public bool AnnounceAddress { get; set; }

    /// <summary>Stop when standard input ends, so that a host never outlives the process that started it.</summary>
    /// <value>Default: false.</value>
    public bool ExitWithStandardInput { get; set; }

    /// <summary>Largest message in MiB, received or sent.</summary>
    /// <value>Default: 64.</value>
    [Range(1, 1024)]
    public int MaxMessageMebibytes { get; set; } = 64;
}
