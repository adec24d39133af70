using System.ComponentModel.DataAnnotations;

namespace DiffusionMesh.Orchestrator;

/// <summary>How long searches are kept once they have ended, read from the section <c>Orchestrator:Retention</c>.</summary>
public sealed class RetentionOptions
{
    private const int MaxDays = 36_500;

    /// <summary>Days after its end that a search is kept; 0 for ever.</summary>
    /// <value>Default: 30.</value>
    [Range(0, MaxDays)]
    public int Days { get; set; } = 30;

    /// <summary>Searches that are kept; those that ended first go first. 0 for any number.</summary>
    /// <value>Default: 10,000.</value>
    [Range(0, int.MaxValue)]
    public int MaxSearches { get; set; } = 10_000;

    /// <summary>Days after its end that the images and states of a search are kept; 0 for as long as the search.</summary>
    /// <value>Default: 0.</value>
    [Range(0, MaxDays)]
    public int ImageDays { get; set; }
}
