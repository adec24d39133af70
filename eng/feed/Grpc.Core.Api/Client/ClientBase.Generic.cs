namespace Grpc.Core;

/// <summary>Base of generated clients of one type.</summary>
public abstract class ClientBase<T> : ClientBase
    where T : ClientBase<T>
{
    /// <summary>A client that cannot make calls, for test doubles that override the methods.</summary>
    protected ClientBase()
    {
    }

    /// <summary>A client over a channel.</summary>
    protected ClientBase(ChannelBase channel)
        : base(channel)
    {
    }

    /// <summary>A client over an invoker.</summary>
    protected ClientBase(CallInvoker callInvoker)
        : base(callInvoker)
    {
    }

    /// <summary>A client over the configuration of another.</summary>
    protected ClientBase(ClientBaseConfiguration configuration)
        : base(configuration)
    {
    }

    /// <summary>A client over the same connection whose calls name another host.</summary>
    public T WithHost(string host) => NewInstance(Configuration.WithHost(host ?? throw new ArgumentNullException(nameof(host))));

    /// <summary>Makes a client of this type; generated code implements it.</summary>
    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}
