using DiffusionMesh.Feed.Tests.Hosting;
using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;

namespace DiffusionMesh.Feed.Tests.Calls;

public sealed class BalancingTests
{
    private const int Calls = 10;

    // A call that was under way on a connection when its server stopped is made again on another.
    private static readonly MethodConfig Retrying = new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 5,
            InitialBackoff = TimeSpan.FromMilliseconds(1),
            MaxBackoff = TimeSpan.FromMilliseconds(10),
            BackoffMultiplier = 2,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };

    [Fact]
    public async Task RoundRobin_OverTwoServers_SharesTheCallsEvenly()
    {
        await using var first = await EchoHost.StartAsync(Named("first"));
        await using var second = await EchoHost.StartAsync(Named("second"));
        using var channel = Balancing(new RoundRobinConfig(), first, second);
        await ReachBothAsync(channel);

        var answers = await CallAsync(channel);

        Assert.Equal(Calls / 2, answers.Count(name => name == "first"));
        Assert.Equal(Calls / 2, answers.Count(name => name == "second"));
    }

    [Fact]
    public async Task PickFirst_OverTwoServers_StaysWithOne()
    {
        await using var first = await EchoHost.StartAsync(Named("first"));
        await using var second = await EchoHost.StartAsync(Named("second"));
        using var channel = Balancing(new PickFirstConfig(), first, second);

        Assert.Single((await CallAsync(channel)).Distinct());
    }

    [Fact]
    public async Task RoundRobin_WhenOneServerStops_GoesOnWithTheOther()
    {
        await using var first = await EchoHost.StartAsync(Named("first"));
        var second = await EchoHost.StartAsync(Named("second"));
        using var channel = Balancing(new RoundRobinConfig(), first, second);
        await ReachBothAsync(channel);

        await second.DisposeAsync();
        var answers = await CallAsync(channel, waitForReady: true);

        Assert.All(answers, name => Assert.Equal("first", name));
    }

    [Fact]
    public async Task Channel_WhenConnected_IsReadyAndThenShutDown()
    {
        await using var host = await EchoHost.StartAsync(EchoHandlers.Faithful);
        var channel = host.Channel();

        Assert.Equal(ConnectivityState.Idle, channel.State);
        await channel.ConnectAsync();
        Assert.Equal(ConnectivityState.Ready, channel.State);
        channel.Dispose();
        Assert.Equal(ConnectivityState.Shutdown, channel.State);
    }

    [Fact]
    public async Task DnsResolver_OfLocalhost_ReachesTheServer()
    {
        await using var host = await EchoHost.StartAsync(Named("local"));
        using var channel = GrpcChannel.ForAddress(
            $"dns:///localhost:{host.Address.Port}", new GrpcChannelOptions { Credentials = ChannelCredentials.Insecure });

        Assert.Equal(["local"], (await CallAsync(channel)).Distinct());
    }

    private static EchoHandlers Named(string name) => new() { Unary = (_, _) => Task.FromResult(new EchoReply { Text = name }) };

    private static GrpcChannel Balancing(LoadBalancingConfig policy, params EchoHost[] hosts)
    {
        var addresses = hosts.Select(host => new BalancerAddress(host.Address.Host, host.Address.Port)).ToArray();
        return GrpcChannel.ForAddress("static:///echo", new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Insecure,
            ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { policy }, MethodConfigs = { Retrying } },
            ServiceProvider = new ServiceCollection()
                .AddSingleton<ResolverFactory>(new StaticResolverFactory(_ => addresses))
                .BuildServiceProvider(),
        });
    }

    /// <summary>The balancer starts with whichever server connects first; only then is an even share to be expected.</summary>
    private static async Task ReachBothAsync(GrpcChannel channel)
    {
        var seen = new HashSet<string>();
        while (seen.Count < 2)
        {
            seen.UnionWith(await CallAsync(channel));
        }
    }

    private static async Task<string[]> CallAsync(GrpcChannel channel, bool waitForReady = false)
    {
        var client = new Echo.EchoClient(channel);
        var answers = new List<string>();
        while (answers.Count < Calls)
        {
            answers.Add((await client.UnaryAsync(new EchoRequest(), new CallOptions().WithWaitForReady(waitForReady))).Text);
        }

        return [.. answers];
    }
}
