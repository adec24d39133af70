using System.Globalization;

namespace DiffusionMesh.Cluster.Tests;

/// <summary>
/// Collects the rows of the tables in docs/reliability.md, as <c>tests/cluster/reliability.sh</c> asks for them by naming a
/// folder. Without one nothing is written.
/// </summary>
internal static class Reliability
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("RELIABILITY_ROWS");

    /// <summary>What happens, as it happens, in the file notes.</summary>
    public static void Note(string text)
    {
        if (Folder is not null)
        {
            lock (Folder)
            {
                Directory.CreateDirectory(Folder);
                File.AppendAllText(Path.Combine(Folder, "notes"), string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss} {text}\n"));
            }
        }
    }

    /// <param name="table">The marks in the document that it stands between.</param>
    /// <param name="order">Of the row in its table.</param>
    public static void Row(string table, string order, params IEnumerable<string> cells)
    {
        if (Folder is not null)
        {
            Directory.CreateDirectory(Path.Combine(Folder, table));
            File.WriteAllText(Path.Combine(Folder, table, order), $"| {string.Join(" | ", cells)} |\n");
        }
    }
}
