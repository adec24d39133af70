using System.Collections.Immutable;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Accounting;

/// <summary>Adds up what a search pays. Not safe for concurrent use.</summary>
internal sealed class LedgerBook
{
    private readonly SortedDictionary<string, long> _verifierCalls = new(StringComparer.Ordinal);
    private long _nfeSearch;
    private long _nfeFinal;
    private long _nfeWasted;
    private long _networkRows;
    private long _decodes;

    public long NfeWasted => _nfeWasted;

    public void AddSearch(SampledSegment segment)
    {
        _nfeSearch += segment.Nfe;
        AddRows(segment);
    }

    public void AddFinal(SampledSegment segment)
    {
        _nfeFinal += segment.Nfe;
        AddRows(segment);
    }

    public void AddWaste(long nfe) => _nfeWasted += nfe;

    public void AddVerifierCall(string verifier) =>
        _verifierCalls[verifier] = _verifierCalls.GetValueOrDefault(verifier) + 1;

    public Ledger Close() => new(
        _nfeSearch,
        _nfeFinal,
        _nfeWasted,
        _networkRows,
        _decodes,
        _verifierCalls.ToImmutableSortedDictionary(StringComparer.Ordinal));

    private void AddRows(SampledSegment segment)
    {
        _networkRows += segment.NetworkRows;
        _decodes += segment.Decodes;
    }
}
