namespace Grpc.Core;

/// <summary>A logical connection to a service.</summary>
public abstract class ChannelBase
{
    /// <summary>Makes a channel to a target.</summary>
    protected ChannelBase(string target) => Target = target ?? throw new ArgumentNullException(nameof(target));

    /// <summary>What the channel connects to.</summary>
    public string Target { get; }

    /// <summary>Makes an invoker whose calls go over this channel.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Closes the channel.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>What a kind of channel does to close. Default: nothing.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
