using System.Reflection;
using DiffusionMesh.Feed.Tests.Hosting;
using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Contract;

public sealed class ServiceDefinitionTests
{
    private static readonly string[] Methods = ["Unary Unary", "Collect ClientStreaming", "Repeat ServerStreaming", "Exchange DuplexStreaming"];

    [Fact]
    public void GeneratedDefinition_BoundToABinder_TellsEveryMethodInOrder()
    {
        var binder = new ListingBinder();

        Echo.BindService(new EchoService(EchoHandlers.Faithful)).BindService(binder);

        Assert.Equal(Methods, binder.Bound);
    }

    [Fact]
    public void GeneratedBase_NamesItsBindMethod_ThatTakesABinder()
    {
        var attribute = typeof(EchoService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true);
        var bind = attribute?.BindType.GetMethod(attribute.BindMethodName, [typeof(ServiceBinderBase), typeof(Echo.EchoBase)]);
        var binder = new ListingBinder();

        bind?.Invoke(null, [binder, null]);

        Assert.Equal(Methods, binder.Bound);
    }

    [Fact]
    public void Builder_GivenAMethodTwice_RefusesTheSecond()
    {
        var method = new Method<string, string>(MethodType.Unary, "a", "b", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        UnaryServerMethod<string, string> handler = (request, _) => Task.FromResult(request);

        var builder = ServerServiceDefinition.CreateBuilder().AddMethod(method, handler);

        Assert.Throws<ArgumentException>(() => builder.AddMethod(method, handler));
    }

    [Fact]
    public void Binder_ThatTakesNothing_RefusesEveryMethod() => Assert.Throws<NotSupportedException>(
        () => Echo.BindService(new ServiceBinderBase(), new EchoService(EchoHandlers.Faithful)));

    private sealed class ListingBinder : ServiceBinderBase
    {
        public List<string> Bound { get; } = [];

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) => Add(method);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) => Add(method);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) => Add(method);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) => Add(method);

        private void Add(IMethod method) => Bound.Add($"{method.Name} {method.Type}");
    }
}
