namespace DiffusionMesh.Benchmarks.Ragged;

/// <summary>Requests as they come from many searches at once: of mixed step counts, at random times, some given up half-way.</summary>
internal static class RaggedLoad
{
    private const double PrunedPart = 0.3;

    private static readonly int[] StepCounts = [4, 8, 16, 32];

    /// <summary>Mean steps of a request that are of use.</summary>
    public static double MeanUsefulSteps => StepCounts.Average() * (1 - (PrunedPart / 2));

    /// <param name="count">Of requests.</param>
    /// <param name="rate">Mean requests a second; they come as a Poisson process.</param>
    public static RaggedRequest[] Draw(int count, double rate, int seed)
    {
        var random = new Random(seed);
        var arrival = TimeSpan.Zero;
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            arrival += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / rate);
            return new RaggedRequest(number, arrival, StepCounts[random.Next(StepCounts.Length)], random.NextDouble() < PrunedPart);
        })];
    }
}
