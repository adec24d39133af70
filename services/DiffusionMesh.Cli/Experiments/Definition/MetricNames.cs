namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>What an experiment can measure. The name of a verifier is one as well: its mean score.</summary>
internal static class MetricNames
{
    public const string Fid = "fid";
    public const string InceptionScore = "is";
    public const string Precision = "precision";
    public const string Recall = "recall";

    /// <summary>Mean probability that the judge of the feature service gives to the class that was asked for.</summary>
    public const string ClassProbability = "class_probability";

    /// <summary>Mean distance of two samples of one condition in the space of the features.</summary>
    public const string Diversity = "diversity";

    /// <summary>Wall time of a search in seconds.</summary>
    public const string Seconds = "seconds";

    /// <summary>Metrics of a set of samples rather than means over them.</summary>
    public static IReadOnlyList<string> OfSets { get; } = [Fid, InceptionScore, Precision, Recall, Diversity];

    public static IReadOnlyList<string> All { get; } = [.. OfSets, ClassProbability, Seconds];

    /// <summary>How figures write it, given the name of the feature space.</summary>
    public static string Title(string metric, string features) => metric switch
    {
        Fid => $"FID ({features})",
        InceptionScore => $"IS ({features})",
        Precision => $"precision ({features})",
        Recall => $"recall ({features})",
        Diversity => $"diversity ({features})",
        ClassProbability => $"class probability ({features})",
        Seconds => "seconds a search",
        _ => metric,
    };

    public static bool HigherIsBetter(string metric) => metric is not (Fid or Seconds);
}
