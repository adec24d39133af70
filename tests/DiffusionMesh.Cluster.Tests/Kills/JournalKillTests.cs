using System.Globalization;
using DiffusionMesh.Cluster.Tests.Mesh;

namespace DiffusionMesh.Cluster.Tests.Kills;

/// <summary>
/// An orchestrator that dies at any write to a journal costs nothing but what was under way: in CI at the first write, the
/// last and five drawn ones of a search of each algorithm; at all of them where <c>tests/cluster/kill-all.sh</c> asks for it.
/// </summary>
public sealed class JournalKillTests(LocalServices services) : IClassFixture<LocalServices>
{
    private const int Drawn = 5;
    private static readonly string[] Moments = ["before", "torn", "unsynced", "durable"];
    private static readonly bool All = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KILL_AT_EVERY_WRITE"));

    [ClusterTheory]
    [InlineData("epsilon-greedy")]
    [InlineData("evolutionary")]
    [InlineData("fk-steering")]
    [InlineData("paths")]
    [InlineData("random")]
    [InlineData("successive-halving")]
    [InlineData("tree")]
    [InlineData("zero-order")]
    public async Task Orchestrator_KilledAtAWriteOfTheJournal_GoesOnToTheSameResult(string algorithm)
    {
        var kill = new JournalKill(services, Specs.Short(algorithm));
        var (expected, writes) = await kill.UndisturbedAsync();
        var kills = 0;
        var lost = new List<long>();
        foreach (var (write, when) in Choose(writes))
        {
            if (await kill.KilledAsync(write, when) is { } answer)
            {
                expected.AssertSame(answer, losses: 1);
                lost.Add(answer.Outcome.Ledger.NfeWasted);
                kills++;
            }
        }

        // How appends fall together differs from run to run: the highest numbers may not come up.
        Assert.True(kills > (All ? 3 * writes : Drawn), $"{kills} kills at {writes} writes");
        Reliability.Row(
            "kills",
            algorithm,
            algorithm,
            string.Create(CultureInfo.InvariantCulture, $"{writes}"),
            string.Create(CultureInfo.InvariantCulture, $"{kills}"),
            "all",
            string.Create(CultureInfo.InvariantCulture, $"{lost.Average():0.0}, at most {lost.Max()}"),
            string.Create(CultureInfo.InvariantCulture, $"{expected.Outcome.Ledger.NfeSearch}"));
    }

    private static IEnumerable<(int? Write, string When)> Choose(int writes)
    {
        if (All)
        {
            return Enumerable.Range(1, writes).SelectMany(write => Moments.Select(when => ((int?)write, when))).Append((null, "torn"));
        }

        var draw = new Random(writes);
        return Enumerable.Range(0, Drawn)
            .Select(i => ((int?)draw.Next(2, (writes * 3 / 4) + 2), Moments[i % Moments.Length]))
            .Prepend((1, "torn"))
            .Append((null, "torn"));
    }
}
