namespace Grpc.Core;

/// <summary>What secures a connection.</summary>
public abstract class ChannelCredentials
{
    /// <summary>No security: plain text.</summary>
    public static ChannelCredentials Insecure { get; } = new InsecureCredentials();

    /// <summary>TLS with the platform's trusted roots.</summary>
    public static ChannelCredentials SecureSsl { get; } = new SslCredentials();

    /// <summary>Whether call credentials may travel over such a connection.</summary>
    internal virtual bool IsComposable => false;

    /// <summary>A secure connection, and credentials that every call over it carries.</summary>
    /// <exception cref="ArgumentException">The connection is not secure enough to carry credentials.</exception>
    public static ChannelCredentials Create(ChannelCredentials channelCredentials, CallCredentials callCredentials) =>
        new CompositeChannelCredentials(channelCredentials, callCredentials);

    /// <summary>Shows a transport what these credentials are made of.</summary>
    public abstract void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object? state);

    private sealed class InsecureCredentials : ChannelCredentials
    {
        public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object? state) =>
            configurator.SetInsecureCredentials(state);
    }

    private sealed class CompositeChannelCredentials : ChannelCredentials
    {
        private readonly ChannelCredentials _channel;
        private readonly CallCredentials _call;

        public CompositeChannelCredentials(ChannelCredentials channelCredentials, CallCredentials callCredentials)
        {
            _channel = channelCredentials ?? throw new ArgumentNullException(nameof(channelCredentials));
            _call = callCredentials ?? throw new ArgumentNullException(nameof(callCredentials));
            if (!channelCredentials.IsComposable)
            {
                throw new ArgumentException("These channel credentials cannot be composed with call credentials.", nameof(channelCredentials));
            }
        }

        public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object? state) =>
            configurator.SetCompositeCredentials(state, _channel, _call);
    }
}
