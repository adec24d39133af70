namespace Grpc.Core.Interceptors;

/// <summary>
/// Sees calls on their way, at a client or at a server, and may change, replace or refuse them. Each method is given the
/// rest of the way as a continuation; what is not overridden just goes on.
/// </summary>
public abstract partial class Interceptor
{
}
