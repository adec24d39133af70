using System.Globalization;
using System.Text;
using DiffusionMesh.Benchmarks.Hosts;

namespace DiffusionMesh.Benchmarks.Soak;

/// <summary>Whether the services' memory grows with the searches that they have served.</summary>
internal static class SoakBenchmark
{
    private const int Candidates = 8;
    private const int Steps = 4;
    private const int Marks = 10;
    private const int AtOnce = 8;

    /// <param name="searches">In all; memory is read at each tenth of them.</param>
    public static async Task<string> MeasureAsync(int searches, CancellationToken cancellationToken)
    {
        using var mesh = await StandInMesh.StartAsync(TimeSpan.Zero, cancellationToken);
        var table = new StringBuilder("""
            | searches | orchestrator, MiB | denoiser, MiB |
            |--:|--:|--:|

            """);
        for (var mark = 0; ; mark++)
        {
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {mark * searches / Marks} | {mesh.Orchestrator.ResidentMebibytes:0} | {mesh.Denoiser.ResidentMebibytes:0} |");
            if (mark == Marks)
            {
                return table.ToString();
            }

            await Parallel.ForAsync(
                0,
                searches / Marks,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (_, token) => await mesh.SearchAsync(StandInMesh.Search(Candidates, Steps), token));
        }
    }
}
