using DiffusionMesh.Contracts;
using Grpc.Core;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>Bounds how many trajectories may wait.</summary>
/// <param name="backlog">What waits.</param>
/// <param name="forecast">When there will be room.</param>
/// <param name="most">Trajectories.</param>
internal sealed class QueueRoom(Backlog backlog, Forecast forecast, int most)
{
    /// <exception cref="RpcException">
    /// INVALID_ARGUMENT: so many would never fit, and are not to be tried again. RESOURCE_EXHAUSTED: there is no room for them now.
    /// </exception>
    public void Require(int trajectories)
    {
        var violations = new FieldViolations();
        violations.Require(trajectories <= most, "trajectories", $"has {trajectories} elements; the queue of this server holds {most}");
        violations.ThrowIfAny();

        var waiting = backlog.Trajectories;
        if (waiting + trajectories > most)
        {
            throw RpcErrors.ResourceExhausted(
                $"{waiting} trajectories are waiting and {trajectories} more would exceed {most}; try again later",
                forecast.RoomFor(waiting + trajectories - most));
        }
    }
}
