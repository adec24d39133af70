using DiffusionMesh.Feed.Tests.Hosting;
using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace DiffusionMesh.Feed.Tests.Calls;

public sealed class InterceptorTests
{
    [Theory]
    [MemberData(nameof(CallKinds.Names), MemberType = typeof(CallKinds))]
    public async Task ClientInterceptors_OnAnyCall_TakeControlInTheOrderGiven(string kind)
    {
        var order = new List<string?>();
        await using var host = await EchoHost.StartAsync(EchoHandlers.Faithful);
        var invoker = host.Channel()
            .Intercept(new RecordingInterceptor("third", order))
            .Intercept(new RecordingInterceptor("first", order), new RecordingInterceptor("second", order));

        var answer = await CallKinds.CallAsync(kind, new Echo.EchoClient(invoker));

        Assert.Equal(CallKinds.Expected(kind), answer);
        Assert.Equal([$"first {kind}", $"second {kind}", $"third {kind}"], order);
    }

    [Theory]
    [MemberData(nameof(CallKinds.Names), MemberType = typeof(CallKinds))]
    public async Task ClientInterceptor_ThatOverridesNothing_LetsCallsPass(string kind)
    {
        await using var host = await EchoHost.StartAsync(EchoHandlers.Faithful);

        var answer = await CallKinds.CallAsync(kind, new Echo.EchoClient(host.Channel().Intercept(new PassingInterceptor())));

        Assert.Equal(CallKinds.Expected(kind), answer);
    }

    [Theory]
    [MemberData(nameof(CallKinds.Names), MemberType = typeof(CallKinds))]
    public async Task HeaderFunction_OnAnyCall_MakesTheHeadersSent(string kind)
    {
        var seen = new List<string?>();
        await using var host = await EchoHost.StartAsync(
            EchoHandlers.Faithful, options => options.Interceptors.Add<RecordingInterceptor>("server", seen));
        var invoker = host.Channel().Intercept(headers => [.. headers, new Metadata.Entry("x-added", "yes")]);

        await CallKinds.CallAsync(kind, new Echo.EchoClient(invoker), new CallOptions(headers: new Metadata { { "x-own", "kept" } }));

        Assert.Equal([$"server {ServerKind(kind)} kept yes"], seen);
    }

    [Theory]
    [MemberData(nameof(CallKinds.Names), MemberType = typeof(CallKinds))]
    public async Task ServerInterceptors_OnAnyCall_RunInTheOrderOfRegistration(string kind)
    {
        var order = new List<string?>();
        await using var host = await EchoHost.StartAsync(EchoHandlers.Faithful, options =>
        {
            options.Interceptors.Add<RecordingInterceptor>("first", order);
            options.Interceptors.Add<PassingInterceptor>();
            options.Interceptors.Add<RecordingInterceptor>("second", order);
        });

        var answer = await CallKinds.CallAsync(kind, host.Client());

        Assert.Equal(CallKinds.Expected(kind), answer);
        Assert.Equal([$"first {ServerKind(kind)}  ", $"second {ServerKind(kind)}  "], order);
    }

    private static string ServerKind(string kind) => kind is "BlockingUnary" or "AsyncUnary" ? "Unary" : kind;
}
