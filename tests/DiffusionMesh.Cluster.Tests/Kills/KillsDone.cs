using System.Collections.Concurrent;
using System.Globalization;

namespace DiffusionMesh.Cluster.Tests.Kills;

/// <summary>
/// What was lost at each kill. Where KILLS_DONE names a folder they are kept in it, so that a run that was broken off goes
/// on where it was.
/// </summary>
internal sealed class KillsDone
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("KILLS_DONE");

    private readonly ConcurrentDictionary<string, long> _wasted = new(StringComparer.Ordinal);
    private readonly string? _folder;
    private int _kills;

    public KillsDone(string table, string algorithm)
    {
        if (Folder is null)
        {
            return;
        }

        _folder = Directory.CreateDirectory(Path.Combine(Folder, table, algorithm)).FullName;
        foreach (var file in Directory.GetFiles(_folder))
        {
            _kills++;
            _wasted[Path.GetFileName(file)] = long.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        }
    }

    public int Count => _wasted.Count;

    /// <summary>How many there were, at one place more than once too.</summary>
    public int Kills => Volatile.Read(ref _kills);

    /// <summary>NFE wasted by a kill.</summary>
    public double Average => _wasted.Values.Average();

    public long Most => _wasted.Values.Max();

    public bool Holds((int? Write, string Moment) kill) => _wasted.ContainsKey(Name(kill));

    public void Add((int? Write, string Moment) kill, long wasted)
    {
        _wasted[Name(kill)] = wasted;
        Interlocked.Increment(ref _kills);
        if (_folder is not null)
        {
            File.WriteAllText(Path.Combine(_folder, Name(kill)), wasted.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string Name((int? Write, string Moment) kill) =>
        $"{kill.Write?.ToString(CultureInfo.InvariantCulture) ?? "end"}-{kill.Moment}";
}
