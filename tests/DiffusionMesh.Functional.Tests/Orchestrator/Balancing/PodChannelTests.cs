using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Orchestrator;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Mesh.Balancing;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Transport;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Balancing;

/// <summary>Calls over channels as the orchestrator opens them, to several real servers.</summary>
public sealed class PodChannelTests
{
    private static readonly string[] Hosts = ["127.0.0.2", "127.0.0.3", "127.0.0.4"];

    [LoopbackFact]
    public async Task List_OfThree_SharesFollowTheWorkInFlight()
    {
        await using var pods = await PodsAsync(3);
        var channels = Channels((_, _) => throw new SocketException());
        using var channel = channels.Open($"static:///{string.Join(',', pods.Addresses)}");
        await ReachAsync(channel, 3);

        // The work of calls that are never answered stays where it is.
        var held = await HoldAsync(pods, channel, [8, 4, 4, 2, 2]);

        // 8 | 4, 2 | 4, 2: the next ones go to those with less.
        Assert.Equal([6, 6, 8], held.Values.Select(work => work.Sum()).Order());
    }

    [LoopbackFact]
    public async Task Name_ThatGetsANewPod_UsesItWithoutARestart()
    {
        await using var pods = await PodsAsync(2);
        var known = 1;
        var channels = Channels((_, _) => Task.FromResult(Hosts[..Volatile.Read(ref known)].Select(IPAddress.Parse).ToArray()));
        using var channel = channels.Open($"dns:///denoiser.test:{pods.Port}");
        Assert.Equal(Hosts[0], await AskAsync(channel));

        Volatile.Write(ref known, 2);
        await ReachAsync(channel, 2);

        Assert.Equal(2, channel.Pods);
    }

    [LoopbackFact]
    public async Task Name_WhosePodGoes_LeavesIt()
    {
        await using var pods = await PodsAsync(2);
        var known = Hosts[..2];
        var channels = Channels((_, _) => Task.FromResult(Volatile.Read(ref known).Select(IPAddress.Parse).ToArray()));
        using var channel = channels.Open($"dns:///denoiser.test:{pods.Port}");
        await ReachAsync(channel, 2);

        Volatile.Write(ref known, Hosts[1..2]);
        await LeftAsync(channel);

        Assert.Equal(Hosts[1], await AskAsync(channel));
    }

    [LoopbackFact]
    public async Task PodThatDies_WhileItsNameStillListsIt_IsLeftAtOnce()
    {
        await using var pods = await PodsAsync(2);
        var channels = Channels((_, _) => Task.FromResult(Hosts[..2].Select(IPAddress.Parse).ToArray()));
        using var channel = channels.Open($"dns:///denoiser.test:{pods.Port}");
        await ReachAsync(channel, 2);

        await pods.StopAsync(0);
        await LeftAsync(channel);

        Assert.Equal(Hosts[1], await AskAsync(channel));
    }

    [LoopbackFact]
    public async Task Name_ThatCannotBeLookedUpForAWhile_KeepsItsPods()
    {
        await using var pods = await PodsAsync(2);
        var (known, lookUps) = (1, 0);
        var failed = new TaskCompletionSource();
        var channels = Channels((_, _) =>
        {
            if (Interlocked.Increment(ref lookUps) is 2 or 3)
            {
                Volatile.Write(ref known, 2);
                failed.TrySetResult();
                throw new SocketException((int)SocketError.TryAgain);
            }

            return Task.FromResult(Hosts[..Volatile.Read(ref known)].Select(IPAddress.Parse).ToArray());
        });
        using var channel = channels.Open($"dns:///denoiser.test:{pods.Port}");
        await AskAsync(channel);

        await failed.Task;

        Assert.Equal(Hosts[0], await AskAsync(channel));
        await ReachAsync(channel, 2);
    }

    [LoopbackFact]
    public async Task PodThatFails_IsAvoidedByTheCallsAfter()
    {
        await using var pods = await PodsAsync(2);
        var channels = Channels((_, _) => throw new SocketException());
        using var channel = channels.Open($"static:///{string.Join(',', pods.Addresses)}");
        await ReachAsync(channel, 2);
        using (var route = CallRoute.Begin(1, shunned: [pods.Addresses[1]]))
        {
            await AskAsync(channel);
            Assert.Equal(pods.Addresses[0], route.Pod);
            route.Fail();
        }

        using var next = CallRoute.Begin(1);
        await AskAsync(channel);
        Assert.Equal(pods.Addresses[1], next.Pod);
    }

    private static MeshChannels Channels(NameLookUp lookUp) => new(
        Options.Create(new ServiceDefaultsOptions()),
        Options.Create(new MeshOptions { ResolveSeconds = 1 }),
        Options.Create(new OrchestratorOptions()),
        new MeshTransport(new TransportSettings { AllowPlaintext = true }),
        lookUp,
        new ManualTime(),
        NullLoggerFactory.Instance);

    private static async Task<string> AskAsync(MeshChannel channel)
    {
        // A pod that goes takes the calls with it that are on their way.
        var client = new DenoiserService.DenoiserServiceClient(channel.Invoker);
        while (true)
        {
            try
            {
                return (await client.ListModelsAsync(new ListModelsRequest())).Models[0].Name;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<List<string>> AskAsync(MeshChannel channel, int times)
    {
        var answers = new List<string>();
        for (var i = 0; i < times; i++)
        {
            answers.Add(await AskAsync(channel));
        }

        return answers;
    }

    /// <summary>Asks until so many pods have answered.</summary>
    private static async Task ReachAsync(MeshChannel channel, int count)
    {
        var seen = new HashSet<string>();
        while (seen.Count < count)
        {
            seen.Add(await AskAsync(channel));
        }
    }

    /// <summary>Asks until the first pod answers no more: calls that were on their way when it was left may still find it.</summary>
    private static async Task LeftAsync(MeshChannel channel)
    {
        while (channel.Pods > 1 || (await AskAsync(channel, times: 20)).Contains(Hosts[0]))
        {
            await AskAsync(channel);
        }
    }

    /// <summary>Makes calls that no pod answers, one after the other, and tells where their work is.</summary>
    private static async Task<Dictionary<string, List<double>>> HoldAsync(RunningPods pods, MeshChannel channel, double[] work)
    {
        var held = new Dictionary<string, List<double>>();
        foreach (var size in work)
        {
            var arrived = new TaskCompletionSource();
            foreach (var pod in pods.Pods)
            {
                pod.BeforeAnswer = context =>
                {
                    arrived.TrySetResult();
                    return Task.Delay(Timeout.Infinite, context.CancellationToken);
                };
            }

            var route = CallRoute.Begin(size);
            _ = new DenoiserService.DenoiserServiceClient(channel.Invoker).ListModelsAsync(new ListModelsRequest());
            await arrived.Task;
            held.TryAdd(route.Pod!, []);
            held[route.Pod!].Add(size);
        }

        return held;
    }

    private static async Task<RunningPods> PodsAsync(int count)
    {
        var pods = Hosts[..count].Select(host => new Pod(host)).ToArray();
        var running = new List<RunningHost>();
        var port = 0;
        for (var i = 0; i < count; i++)
        {
            running.Add(await ScriptedServer.StartAsync(
                pods[i], "--urls", string.Create(CultureInfo.InvariantCulture, $"http://{Hosts[i]}:{port}"), "--Logging:LogLevel:Default=Error"));
            port = running[0].Address.Port;
        }

        return new RunningPods(pods, running, port);
    }

    private sealed class RunningPods(IReadOnlyList<Pod> pods, List<RunningHost> hosts, int port) : IAsyncDisposable
    {
        public IReadOnlyList<Pod> Pods => pods;

        public int Port => port;

        public string[] Addresses { get; } = [.. hosts.Select(host => host.Address.Authority)];

        public Task StopAsync(int pod) => hosts[pod].App.StopAsync(new CancellationToken(canceled: true));

        public async ValueTask DisposeAsync()
        {
            foreach (var host in hosts)
            {
                host.Channel.Dispose();
                await host.App.StopAsync(new CancellationToken(canceled: true));
                await host.App.DisposeAsync();
            }
        }
    }
}
