namespace Grpc.Core;

/// <summary>Is told a service's methods one by one.</summary>
public class ServiceBinderBase
{
    /// <summary>Takes a method with one request and one response.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">What handles it; null while only the methods are asked for.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw Refusal(method);

    /// <summary>Takes a method with a stream of requests.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">What handles it; null while only the methods are asked for.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw Refusal(method);

    /// <summary>Takes a method with a stream of responses.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">What handles it; null while only the methods are asked for.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw Refusal(method);

    /// <summary>Takes a method with a stream each way.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">What handles it; null while only the methods are asked for.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw Refusal(method);

    private NotSupportedException Refusal(IMethod method) => new($"{GetType()} does not take {method.Type} methods such as {method.FullName}.");
}
