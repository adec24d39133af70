namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>Where some lines of a journal begin, so that reading its end does not read all of it.</summary>
internal sealed class JournalMarks
{
    private const int Distance = 256;

    private readonly Lock _gate = new();
    private readonly List<long> _positions = [0];

    /// <summary>Notes where an entry begins.</summary>
    public void Note(long number, long position)
    {
        if (number % Distance != 1)
        {
            return;
        }

        lock (_gate)
        {
            if (number == ((long)_positions.Count * Distance) + 1)
            {
                _positions.Add(position);
            }
        }
    }

    /// <summary>The nearest known beginning of an entry that is not after the one with a number.</summary>
    public (long Number, long Position) Before(long number)
    {
        lock (_gate)
        {
            var mark = (int)Math.Min((number - 1) / Distance, _positions.Count - 1);
            return (((long)mark * Distance) + 1, _positions[mark]);
        }
    }
}
