using DiffusionMesh.Feed.Tests.Hosting;
using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace DiffusionMesh.Feed.Tests.Contract;

public sealed class ClientBaseTests
{
    [Theory]
    [MemberData(nameof(CallKinds.Names), MemberType = typeof(CallKinds))]
    public async Task Client_WithHost_NamesThatHostInEveryCall(string kind)
    {
        await using var host = await EchoHost.StartAsync(EchoHandlers.Faithful);
        var hosts = new List<string?>();
        var client = new Echo.EchoClient(host.Channel().Intercept(new HostInterceptor(hosts)));

        await CallKinds.CallAsync(kind, client);
        await CallKinds.CallAsync(kind, client.WithHost("other.test"));

        Assert.Equal([null, "other.test"], hosts);
    }

    [Theory]
    [MemberData(nameof(CallKinds.Names), MemberType = typeof(CallKinds))]
    public async Task Client_MadeWithoutChannel_RefusesEveryCall(string kind) =>
        await Assert.ThrowsAsync<NotSupportedException>(() => CallKinds.CallAsync(kind, new UnconnectedClient()));

    [Fact]
    public void Client_WithoutChannelOrInvoker_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new Echo.EchoClient((ChannelBase)null!));
        Assert.Throws<ArgumentNullException>(() => new Echo.EchoClient((CallInvoker)null!));
    }

    private sealed class UnconnectedClient : Echo.EchoClient;

    private sealed class HostInterceptor(List<string?> hosts) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(request, Noted(context));

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(request, Noted(context));

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) => continuation(request, Noted(context));

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) => continuation(Noted(context));

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) => continuation(Noted(context));

        private ClientInterceptorContext<TRequest, TResponse> Noted<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context)
            where TRequest : class
            where TResponse : class
        {
            hosts.Add(context.Host);
            return context;
        }
    }
}
