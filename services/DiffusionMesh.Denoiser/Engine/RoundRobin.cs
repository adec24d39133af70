using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>
/// Chooses the trajectories of a tick. Calls take turns, one trajectory each, and another call begins each tick. Within
/// a call the first unfinished trajectories go first, so that results arrive one after the other instead of all at the
/// end.
/// </summary>
internal sealed class RoundRobin
{
    private uint _turn;

    /// <param name="calls">Calls with unfinished trajectories; none is empty.</param>
    /// <param name="maxRows">Rows that fit into the batch, at least 2.</param>
    /// <param name="chosen">Receives the choice: all of one shape, as many rows as fit.</param>
    /// <returns>Rows that the choice takes.</returns>
    public int Choose(IReadOnlyList<SampleCall> calls, int maxRows, List<(SampleCall Call, Trajectory Trajectory)> chosen)
    {
        chosen.Clear();
        if (calls.Count == 0)
        {
            return 0;
        }

        var first = (int)(_turn++ % (uint)calls.Count);
        var shape = calls[first].Remaining[0].Shape;
        var next = new int[calls.Count];
        var rows = 0;
        bool anyTook;
        do
        {
            anyTook = false;
            for (var i = 0; i < calls.Count; i++)
            {
                var index = (first + i) % calls.Count;
                if (Take(calls[index], ref next[index], shape, maxRows - rows) is { } trajectory)
                {
                    chosen.Add((calls[index], trajectory));
                    rows += trajectory.Rows;
                    anyTook = true;
                }
            }
        }
        while (anyTook && rows < maxRows);

        return rows;
    }

    private static Trajectory? Take(SampleCall call, ref int next, LatentShape shape, int freeRows)
    {
        for (; next < call.Remaining.Count; next++)
        {
            var trajectory = call.Remaining[next];
            if (trajectory.Shape == shape)
            {
                if (trajectory.Rows > freeRows)
                {
                    return null;
                }

                next++;
                return trajectory;
            }
        }

        return null;
    }
}
