using System.Diagnostics;

namespace DiffusionMesh.Benchmarks.Ragged;

/// <summary>What became of a load.</summary>
/// <param name="Seconds">From the first arrival to the last answer.</param>
/// <param name="Latencies">Seconds from arrival to answer, of each request.</param>
internal sealed record RaggedRun(double Seconds, double[] Latencies)
{
    /// <summary>Sends each request when its time has come, whether the ones before it are answered or not.</summary>
    public static async Task<RaggedRun> ServeAsync(
        RaggedRequest[] load, Func<RaggedRequest, CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(load.Select(async request =>
        {
            var wait = request.Arrival - Stopwatch.GetElapsedTime(start);
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancellationToken);
            await Task.Run(() => serve(request, cancellationToken), cancellationToken);
            return (Stopwatch.GetElapsedTime(start) - request.Arrival).TotalSeconds;
        }));
        return new RaggedRun((Stopwatch.GetElapsedTime(start) - load[0].Arrival).TotalSeconds, latencies);
    }
}
