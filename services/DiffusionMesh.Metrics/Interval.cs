namespace DiffusionMesh.Metrics;

/// <summary>An estimate and the interval that holds the true value with 95 % confidence.</summary>
/// <param name="Mean">The estimate.</param>
/// <param name="Low">Lower end; NaN where one observation says nothing of the spread.</param>
/// <param name="High">Upper end.</param>
/// <param name="Count">Independent observations.</param>
public readonly record struct Interval(double Mean, double Low, double High, int Count)
{
    /// <summary>Whether all of the interval lies on one side of zero.</summary>
    public bool ExcludesZero => Low > 0 || High < 0;
}
