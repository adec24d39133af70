using System.Diagnostics;
using System.Globalization;
using System.Text;
using DiffusionMesh.Benchmarks.Engine;
using DiffusionMesh.Benchmarks.Hosts;
using DiffusionMesh.Benchmarks.Measuring;
using DiffusionMesh.Benchmarks.Simulated;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Inference.Models;
using Grpc.Net.Client;

namespace DiffusionMesh.Benchmarks.Cancel;

/// <summary>How long a denoiser goes on computing after somebody has cancelled: a call's client, or a search's user.</summary>
internal static class CancelBenchmark
{
    private const int Trajectories = 64;
    private const int Steps = 1_000;
    private const int WarmUp = 10;

    public static async Task<string> MeasureAsync(int cancellations, CancellationToken cancellationToken)
    {
        var table = new StringBuilder("""
            | model | cancelled | cancellations | step, ms | round trip, ms | until idle: median, ms | longest, ms | longest / (step + round trip) |
            |---|---|--:|--:|--:|--:|--:|--:|

            """);
        await MeasureAsync(EmbeddedModel.Name, own => own, cancellations, table, cancellationToken);
        foreach (var milliseconds in new[] { 10, 50 })
        {
            var accelerator = new SimulatedAccelerator(TimeSpan.FromMilliseconds(milliseconds), TimeSpan.Zero);
            await MeasureAsync($"simulated, {milliseconds} ms", own => new Instead(own, accelerator), cancellations, table, cancellationToken);
        }

        return table.ToString();
    }

    private static async Task MeasureAsync(
        string name, Func<IDenoiserNetwork, IDenoiserNetwork> network, int cancellations, StringBuilder table, CancellationToken cancellationToken)
    {
        var clock = new EvaluationClock();
        await using var denoiser = await DenoiserInProcess.StartAsync(own => clock.Observe(network(own)), cancellationToken);
        var verifiers = StandInMesh.VerifierHosts([], cancellationToken);
        using var verifier = await verifiers.Values.Single();
        using var orchestrator = await HostUnderTest.StartAsync(
            "orchestrator",
            "DiffusionMesh.Orchestrator",
            [$"--Orchestrator:Denoiser={denoiser.Address}", $"--Orchestrator:Verifiers:{verifiers.Keys.Single()}={verifier.Address}", $"--Orchestrator:DefaultModel={EmbeddedModel.Name}"],
            cancellationToken);
        using var channel = GrpcChannel.ForAddress(orchestrator.Address);
        var searches = new SearchService.SearchServiceClient(channel);

        var roundTrip = await RoundTripAsync(denoiser.Client, cancellationToken);
        (string What, Func<Task<Func<Task>>> Start)[] ways =
        [
            ("a call", () => Task.FromResult(StartCalls(denoiser.Client, cancellationToken))),
            ("a search", () => StartSearchAsync(searches, cancellationToken)),
        ];
        foreach (var (what, start) in ways)
        {
            var (step, idle) = (new List<double>(), new List<double>());
            for (var i = -WarmUp; i < cancellations; i++)
            {
                var (stepTook, idleAfter) = await CancelAsync(clock, start, cancellationToken);
                if (i >= 0)
                {
                    step.Add(stepTook);
                    idle.Add(idleAfter);
                }
            }

            var median = Spread.Of(step).Median;
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {name} | {what} | {cancellations} | {median:0.0} | {roundTrip:0.0} | {Spread.Of(idle).Median:0.0} | {idle.Max():0.0} | {idle.Max() / (median + roundTrip):0.00} |");
        }
    }

    // Milliseconds that a step took before, and from the cancellation to the end of the last evaluation.
    private static async Task<(double Step, double Idle)> CancelAsync(EvaluationClock clock, Func<Task<Func<Task>>> start, CancellationToken cancellationToken)
    {
        const int Evaluations = 6;
        var running = clock.NextAsync(Evaluations);
        var cancel = await start();
        await running.WaitAsync(cancellationToken);
        var step = Stopwatch.GetElapsedTime(clock.FirstStart).TotalMilliseconds / (Evaluations - 1);

        // Anywhere within a step.
        await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * step), cancellationToken);
        var cancelled = Stopwatch.GetTimestamp();
        await cancel();
        while (Stopwatch.GetElapsedTime(clock.LastEnd).TotalMilliseconds < (5 * step) + 100)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(step), cancellationToken);
        }

        return (step, Math.Max(0, Stopwatch.GetElapsedTime(cancelled, clock.LastEnd).TotalMilliseconds));
    }

    // Returns what cancels the calls.
    private static Func<Task> StartCalls(DenoiserService.DenoiserServiceClient client, CancellationToken cancellationToken)
    {
        var calls = EngineRequests.Of(EmbeddedModel.Name, Trajectories, Steps).Select(request => client.Sample(request, cancellationToken: cancellationToken)).ToArray();
        return () =>
        {
            Array.ForEach(calls, call => call.Dispose());
            return Task.CompletedTask;
        };
    }

    // Returns what cancels the search.
    private static async Task<Func<Task>> StartSearchAsync(SearchService.SearchServiceClient searches, CancellationToken cancellationToken)
    {
        var created = await searches.CreateSearchAsync(
            new CreateSearchRequest { Spec = StandInMesh.Search(Trajectories, Steps) }, cancellationToken: cancellationToken);
        return async () => await searches.CancelSearchAsync(
            new CancelSearchRequest { SearchId = created.Search.Id }, cancellationToken: cancellationToken);
    }

    private static async Task<double> RoundTripAsync(DenoiserService.DenoiserServiceClient client, CancellationToken cancellationToken)
    {
        const int Calls = 200;
        var milliseconds = new List<double>();
        for (var i = 0; i < Calls; i++)
        {
            var sent = Stopwatch.GetTimestamp();
            await client.GetModelAsync(new GetModelRequest { Name = EmbeddedModel.Name }, cancellationToken: cancellationToken);
            milliseconds.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        return Spread.Of(milliseconds).Median;
    }
}
