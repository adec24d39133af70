using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client.Balancer;

namespace DiffusionMesh.Orchestrator.Mesh.Balancing;

/// <summary>Holds a connection to every address that was found, and gives each call to the one that would be done first.</summary>
internal sealed class LeastLoadedBalancer(IChannelControlHelper controller, ILoggerFactory loggers, PodLoads loads)
    : SubchannelsLoadBalancer(controller, loggers)
{
    public const string Name = "least_loaded";

    public override void UpdateChannelState(ChannelState state)
    {
        base.UpdateChannelState(state);
        if (state.Addresses is { } addresses)
        {
            loads.Keep(addresses.Select(Pod));
        }
    }

    protected override SubchannelPicker CreatePicker(IReadOnlyList<Subchannel> readySubchannels)
    {
        loads.SetReady(readySubchannels.Count);
        return new Picker([.. readySubchannels], loads);
    }

    private static string Pod(BalancerAddress address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address.EndPoint.Host}:{address.EndPoint.Port}");

    /// <summary>Makes the balancer of one channel.</summary>
    public sealed class Factory(PodLoads loads) : LoadBalancerFactory
    {
        public override string Name => LeastLoadedBalancer.Name;

        public override LoadBalancer Create(LoadBalancerOptions options) =>
            new LeastLoadedBalancer(options.Controller, options.LoggerFactory, loads);
    }

    private sealed class Picker(Subchannel[] ready, PodLoads loads) : SubchannelPicker
    {
        private readonly string[] _pods = [.. ready.Select(subchannel => Pod(subchannel.CurrentAddress ?? subchannel.GetAddresses()[0]))];

        public override PickResult Pick(PickContext context)
        {
            var chosen = loads.Choose(_pods, CallRoute.Current);
            return chosen < 0
                ? PickResult.ForFailure(new Status(StatusCode.Unavailable, "there is no other pod"))
                : PickResult.ForSubchannel(ready[chosen]);
        }
    }
}
