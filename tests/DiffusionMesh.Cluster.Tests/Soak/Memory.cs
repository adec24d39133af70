using System.Globalization;
using DiffusionMesh.Cluster.Tests.Cluster;

namespace DiffusionMesh.Cluster.Tests.Soak;

/// <summary>What a process holds in memory over the time, in MiB.</summary>
internal sealed class Memory(Pod pod)
{
    private const string Line = "VmRSS:";
    private readonly List<double> _samples = [];

    public string Name => pod.Name;

    /// <summary>So few say nothing of a trend.</summary>
    public bool IsShort => _samples.Count < 60;

    public void Sample()
    {
        var line = File.ReadLines($"/proc/{pod.ProcessId}/status").First(line => line.StartsWith(Line, StringComparison.Ordinal));
        _samples.Add(long.Parse(line[Line.Length..^"kB".Length], CultureInfo.InvariantCulture) / 1024.0);
    }

    /// <summary>Mean of one of the thirds of the time, from 0.</summary>
    public double Third(int third)
    {
        var first = _samples.Count * third / 3;
        return _samples[first..Math.Max(first + 1, _samples.Count * (third + 1) / 3)].Average();
    }

    public double Most => _samples.Max();
}
