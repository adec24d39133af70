using DiffusionMesh.Contracts;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Denoiser.Requests;

/// <summary>Bounds what the x-predictions of all calls together take, from their beginning until all of it is sent.</summary>
internal sealed class KeptPredictions(IOptions<DenoiserOptions> options)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly long _most = (long)options.Value.MaxKeptMebibytes << 20;
    private long _kept;

    /// <summary>Keeps room until what is returned is disposed of.</summary>
    /// <exception cref="RpcException">
    /// INVALID_ARGUMENT: so many would never fit. RESOURCE_EXHAUSTED: there is no room for them now.
    /// </exception>
    public IDisposable Reserve(long bytes)
    {
        var violations = new FieldViolations();
        violations.Require(
            bytes <= _most, "outputs.x_prediction_noise_levels", $"would have {bytes} bytes of predictions kept; this server keeps {_most}: send fewer trajectories or ask for fewer levels");
        violations.ThrowIfAny();
        var room = new Room(this, bytes);
        if (Interlocked.Add(ref _kept, bytes) > _most)
        {
            room.Dispose();
            throw RpcErrors.ResourceExhausted($"{bytes} bytes of predictions would exceed the {_most} that are kept for all calls; try again later", RetryAfter);
        }

        return room;
    }

    private sealed class Room(KeptPredictions all, long bytes) : IDisposable
    {
        public void Dispose() => Interlocked.Add(ref all._kept, -bytes);
    }
}
