using System.Security.Cryptography;
using System.Text;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>The trace of a search.</summary>
internal sealed class SearchSpans(IReadOnlyList<ExportedSpan> spans)
{
    public IReadOnlyList<ExportedSpan> All => spans;

    public IEnumerable<ExportedSpan> this[string name] => spans.Where(span => span.Name == name);

    /// <summary>Waits until the spans of so many runs were exported: the search's own comes last.</summary>
    public static async Task<SearchSpans> OfAsync(OtlpCollector collector, string search, int runs)
    {
        var trace = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(search)).AsSpan(0, 16));
        await collector.WaitAsync(all => all.Spans.Count(span => span.Name == "search" && span.Trace == trace) == runs);
        return new SearchSpans([.. collector.Spans.Where(span => span.Trace == trace)]);
    }

    /// <summary>The spans of one of its runs.</summary>
    /// <param name="epoch">How often the search had been taken on.</param>
    public SearchSpans Run(long epoch)
    {
        var within = this["search"].Where(span => span.Number(DiffusionMeshTelemetry.Epoch) == epoch).Select(span => span.Id).ToHashSet();
        for (var known = 0; known < within.Count;)
        {
            known = within.Count;
            within.UnionWith(spans.Where(span => within.Contains(span.Parent)).Select(span => span.Id).ToArray());
        }

        return new SearchSpans([.. spans.Where(span => within.Contains(span.Id))]);
    }

    /// <summary>Sum over the spans that are said to add up.</summary>
    public long Nfe(string purpose, string attribute = DiffusionMeshTelemetry.Nfe) => this["segment"]
        .Where(span => span[DiffusionMeshTelemetry.NfePurpose] == purpose)
        .Sum(span => span.Number(attribute));

    public void AssertAddUpTo(Ledger ledger) => Assert.Equal(
        (ledger.NfeSearch, ledger.NfeFinal, ledger.NfeWasted), (Nfe("search"), Nfe("final"), Nfe("wasted")));
}
