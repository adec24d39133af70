namespace Grpc.Core;

/// <summary>Base of the clients that the code generator makes when asked for lite clients.</summary>
public abstract class LiteClientBase
{
    /// <summary>A client that cannot make calls, for test doubles that override the methods.</summary>
    protected LiteClientBase() => CallInvoker = UnimplementedCallInvoker.Instance;

    /// <summary>A client over an invoker.</summary>
    protected LiteClientBase(CallInvoker callInvoker) => CallInvoker = callInvoker ?? throw new ArgumentNullException(nameof(callInvoker));

    /// <summary>Makes the client's calls.</summary>
    protected CallInvoker CallInvoker { get; }
}
