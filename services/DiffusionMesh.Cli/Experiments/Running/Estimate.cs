namespace DiffusionMesh.Cli.Experiments.Running;

/// <summary>What work costs on these services, as a calibration has measured it.</summary>
/// <param name="SecondsPerRow">Of the network, with as many searches at once as the experiment runs.</param>
/// <param name="SecondsPerImage">To score it under all verifiers, and all that comes with a candidate.</param>
internal readonly record struct Pace(double SecondsPerRow, double SecondsPerImage);

/// <summary>How much work is left, and how long it is expected to take.</summary>
internal sealed record Estimate(int Runs, long Rows, long Images, TimeSpan Time)
{
    public static Estimate Of(IEnumerable<Planning.PlannedRun> runs, IReadOnlyDictionary<string, Pace> paces)
    {
        var (count, rows, images, seconds) = (0, 0L, 0L, 0.0);
        foreach (var run in runs)
        {
            count++;
            if (run.Limit is { } limit)
            {
                seconds += limit.TotalSeconds;
                continue;
            }

            rows += run.Rows;
            images += run.Images;
            if (paces.TryGetValue(run.Spec.Model, out var pace))
            {
                seconds += (run.Rows * pace.SecondsPerRow) + (run.Images * pace.SecondsPerImage);
            }
        }

        return new Estimate(count, rows, images, TimeSpan.FromSeconds(seconds));
    }
}
