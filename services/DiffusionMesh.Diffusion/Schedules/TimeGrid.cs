using DiffusionMesh.Diffusion.Forms;

namespace DiffusionMesh.Diffusion.Schedules;

/// <summary>The points at which a sampler stops, from noise towards data. Shared by trajectories: it never changes.</summary>
public sealed class TimeGrid
{
    private readonly double[] _times;

    internal TimeGrid(Form form, double[] times, bool endsAtData)
    {
        Form = form;
        _times = times;
        EndsAtData = endsAtData;
    }

    public Form Form { get; }

    /// <summary>Number of steps: one less than there are points.</summary>
    public int Steps => _times.Length - 1;

    /// <summary>Whether the last point has noise level 0.</summary>
    public bool EndsAtData { get; }

    /// <summary>Times in the form's own clock. The last is negative infinity if data lies there.</summary>
    public ReadOnlySpan<double> Times => _times;

    public PathPoint this[int index] => double.IsNegativeInfinity(_times[index])
        ? new PathPoint(double.NegativeInfinity, 1, 0, 0, 0)
        : Form.At(_times[index]);
}
