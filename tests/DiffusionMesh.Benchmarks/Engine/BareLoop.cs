using DiffusionMesh.Diffusion.Noise;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Benchmarks.Engine;

/// <summary>
/// What calls the embedded model without any of our code but the noise: a session as ONNX Runtime makes it by itself,
/// values bound once for each batch size, Euler's steps of the linear flow by hand.
/// </summary>
/// <param name="path">Of the network.</param>
/// <param name="maxRows">Most rows in one evaluation.</param>
internal sealed class BareLoop(string path, int maxRows) : IDisposable
{
    private readonly InferenceSession _session = new(path);
    private readonly RunOptions _options = new();
    private readonly Dictionary<int, BoundRows> _bound = [];

    /// <summary>Samples from the draws 0, 1, ... of seed 0.</summary>
    public void Run(int trajectories, int steps)
    {
        for (var first = 0; first < trajectories; first += maxRows)
        {
            var rows = Math.Min(maxRows, trajectories - first);
            if (!_bound.TryGetValue(rows, out var bound))
            {
                _bound[rows] = bound = new BoundRows(_session, rows);
            }

            for (var row = 0; row < rows; row++)
            {
                NoiseAddress.Of(0, (uint)(first + row)).Fill(bound.State(row));
            }

            for (var step = 0; step < steps; step++)
            {
                bound.Step(_session, _options, time: 1 - ((float)step / steps), change: -1f / steps);
            }
        }
    }

    public void Dispose()
    {
        foreach (var bound in _bound.Values)
        {
            bound.Dispose();
        }

        _options.Dispose();
        _session.Dispose();
    }
}
