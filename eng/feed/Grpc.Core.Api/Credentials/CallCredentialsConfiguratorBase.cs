namespace Grpc.Core;

/// <summary>A transport's view into call credentials: it is told what they are made of.</summary>
public abstract class CallCredentialsConfiguratorBase
{
    /// <summary>They are several credentials as one.</summary>
    public abstract void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials);

    /// <summary>They are a function that adds headers.</summary>
    public abstract void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor);
}
