namespace DiffusionMesh.Orchestrator.Mesh.Calling;

/// <summary>How long calls took lately, by how much work they were: rows of one batch take alike, batches of many sizes do not.</summary>
/// <param name="percentile">In (0, 100].</param>
/// <param name="least">How many calls of a size have to be measured before anything is said of them.</param>
internal sealed class CallTimes(int percentile, int least)
{
    // What is older does not count.
    private const int Kept = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Queue<double>> _seconds = [];

    public void Add(double work, TimeSpan elapsed)
    {
        lock (_gate)
        {
            var size = SizeOf(work);
            if (!_seconds.TryGetValue(size, out var seconds))
            {
                _seconds[size] = seconds = new Queue<double>();
            }

            seconds.Enqueue(elapsed.TotalSeconds);
            if (seconds.Count > Kept)
            {
                seconds.Dequeue();
            }
        }
    }

    /// <summary>The percentile of calls of about this size; null where too few were measured.</summary>
    public TimeSpan? Of(double work)
    {
        double[] sorted;
        lock (_gate)
        {
            if (!_seconds.TryGetValue(SizeOf(work), out var seconds) || seconds.Count < least)
            {
                return null;
            }

            sorted = [.. seconds];
        }

        Array.Sort(sorted);
        return TimeSpan.FromSeconds(sorted[(((sorted.Length * percentile) + 99) / 100) - 1]);
    }

    // Two to an octave.
    private static int SizeOf(double work) => (int)Math.Round(2 * Math.Log2(Math.Max(1, work)));
}
