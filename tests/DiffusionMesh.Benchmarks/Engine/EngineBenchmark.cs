using System.Globalization;
using System.Text;
using DiffusionMesh.Benchmarks.Hosts;
using DiffusionMesh.Benchmarks.Measuring;
using DiffusionMesh.Contracts.DenoiserV1;
using Grpc.Core;
using Grpc.Net.Client;

namespace DiffusionMesh.Benchmarks.Engine;

/// <summary>What the engine adds to the network: the bare loop, the engine in process, and the denoiser as a process of its own over gRPC.</summary>
internal static class EngineBenchmark
{
    private const int Steps = 10;
    private const int MaxRows = 32;
    private const int FewestRounds = 7;

    private static readonly int[] Trajectories = [1, 4, 16, 64];

    public static async Task<string> MeasureAsync(TimeSpan timePerRow, CancellationToken cancellationToken)
    {
        using var bare = new BareLoop(Path.Combine(EmbeddedModel.Folder, "denoiser.onnx"), MaxRows);
        using var model = EmbeddedModel.Load();
        using var engine = new EngineInProcess(model);
        using var denoiser = await HostUnderTest.StartAsync("denoiser", "DiffusionMesh.Denoiser", [], cancellationToken);
        using var channel = GrpcChannel.ForAddress(denoiser.Address);
        var client = new DenoiserService.DenoiserServiceClient(channel);

        var table = new StringBuilder("""
            | trajectories | bare loop, ms | in process, ms | over gRPC, ms | in process / bare | over gRPC / bare |
            |--:|--:|--:|--:|--:|--:|

            """);
        foreach (var count in Trajectories)
        {
            SampleRequest[] requests = [.. EngineRequests.Of(EmbeddedModel.Name, count, Steps)];
            var seconds = await Contest.RunAsync(
                [
                    Contest.Timed(_ => Task.Run(() => bare.Run(count, Steps), cancellationToken)),
                    Contest.Timed(token => Task.WhenAll(requests.Select(request => DrainAsync(engine.SampleAsync(request, token))))),
                    Contest.Timed(token => Task.WhenAll(requests.Select(request => SampleAsync(client, request, token)))),
                ],
                timePerRow, FewestRounds, cancellationToken);
            var milliseconds = seconds.Select(each => Spread.Of(each.Select(second => second * 1_000)).Median).ToArray();
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {count} | {milliseconds[0]:0.0} | {milliseconds[1]:0.0} | {milliseconds[2]:0.0} | {Contest.Ratio(seconds[1], seconds[0]).Text("0.00")} | {Contest.Ratio(seconds[2], seconds[0]).Text("0.00")} |");
        }

        var bytes = await TickAllocation.BytesPerStepAsync(cancellationToken);
        return table.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"A step of {MaxRows} rows allocates {bytes:0} bytes.").ToString();
    }

    private static async Task SampleAsync(DenoiserService.DenoiserServiceClient client, SampleRequest request, CancellationToken cancellationToken)
    {
        using var call = client.Sample(request, cancellationToken: cancellationToken);
        await DrainAsync(call.ResponseStream.ReadAllAsync(cancellationToken));
    }

    private static async Task DrainAsync(IAsyncEnumerable<SampleResponse> responses)
    {
        await foreach (var _ in responses)
        {
        }
    }
}
