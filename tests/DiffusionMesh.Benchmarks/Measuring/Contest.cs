using System.Diagnostics;

namespace DiffusionMesh.Benchmarks.Measuring;

/// <summary>Times several ways to do one thing side by side: in turns, so that what the machine does meanwhile strikes all alike.</summary>
internal static class Contest
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(150);

    /// <param name="contenders">Each does the same work once and says how many seconds it took.</param>
    /// <param name="time">Begins no further round after it.</param>
    /// <param name="fewestRounds">At least so many rounds, however long they take; one more comes first, for warming up.</param>
    /// <returns>Seconds: [contender][round].</returns>
    public static async Task<double[][]> RunAsync(
        IReadOnlyList<Func<CancellationToken, Task<double>>> contenders, TimeSpan time, int fewestRounds, CancellationToken cancellationToken)
    {
        var seconds = contenders.Select(_ => new List<double>()).ToArray();
        foreach (var contender in contenders)
        {
            await contender(cancellationToken);
        }

        var begun = Stopwatch.GetTimestamp();
        for (var round = 0; round < fewestRounds || Stopwatch.GetElapsedTime(begun) < time; round++)
        {
            for (var i = 0; i < contenders.Count; i++)
            {
                // Another goes first each time, once the threads of the one before have come to rest: those of ONNX Runtime
                // spin for some time after a run.
                await Task.Delay(Rest, cancellationToken);
                var turn = (i + round) % contenders.Count;
                seconds[turn].Add(await contenders[turn](cancellationToken));
            }
        }

        return [.. seconds.Select(each => each.ToArray())];
    }

    /// <summary>A contender that is timed from outside.</summary>
    public static Func<CancellationToken, Task<double>> Timed(Func<CancellationToken, Task> contender) => async cancellationToken =>
    {
        var start = Stopwatch.GetTimestamp();
        await contender(cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    };

    /// <summary>How long one contender took for each round, by how long another did.</summary>
    public static Spread Ratio(double[] seconds, double[] reference) => Spread.Of(seconds.Zip(reference, (one, other) => one / other));
}
