using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;
using StopReason = DiffusionMesh.Search.StopReason;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Writes what a search came to, as clients get it.</summary>
internal static class SearchOutcome
{
    /// <summary>What is known before it begins.</summary>
    public static SearchMessage Begin(SearchHeader header) => new()
    {
        Id = header.Id,
        Tenant = header.Tenant,
        RequestId = header.RequestId,
        ReplayOf = header.ReplayOf,
        Spec = header.Spec,
        CreateTime = header.CreateTime,
    };

    public static SearchMessage Of(SearchHeader header, SearchResult result, TimeSpan elapsed, DateTimeOffset at)
    {
        var message = Begin(header);
        message.State = result.StopReason switch
        {
            StopReason.Cancelled => SearchState.Cancelled,
            StopReason.Error => SearchState.Failed,
            _ => SearchState.Succeeded,
        };
        message.StopReason = SearchResultMapping.ToMessage(result.StopReason);
        message.Error = result.Error ?? "";
        message.EndTime = Timestamp.FromDateTimeOffset(at);
        message.Best.Add(result.Best.Select(SearchResultMapping.ToMessage));
        message.Ledger = SearchResultMapping.ToMessage(result.Ledger, elapsed);
        message.Candidates.Add(result.Candidates.Select(SearchResultMapping.ToMessage));
        message.Degradations.Add(result.Degradations);
        message.Hacking.Add(result.Hacking.Select(SearchResultMapping.ToMessage));
        foreach (var (verifier, state) in result.VerifierStates)
        {
            message.VerifierStates.Add(verifier, UnsafeByteOperations.UnsafeWrap(state));
        }

        return message;
    }

    /// <summary>The end of a search that broke; what it had is kept.</summary>
    /// <param name="soFar">With its candidates.</param>
    /// <param name="paidNfe">Of all segments. What no candidate has of it came to nothing: it is wasted.</param>
    public static SearchMessage Broken(SearchMessage soFar, long paidNfe, string error, TimeSpan elapsed, DateTimeOffset at)
    {
        var message = soFar.Clone();
        (message.State, message.StopReason) = (SearchState.Failed, Contracts.SearchV1.StopReason.Error);
        (message.Error, message.EndTime) = (error, Timestamp.FromDateTimeOffset(at));
        var ledger = message.Ledger;
        var nobodys = Math.Max(0, paidNfe - ledger.NfeSearch - ledger.NfeFinal);
        (ledger.NfeWasted, ledger.NfeTotal) = (ledger.NfeWasted + nobodys, ledger.NfeTotal + nobodys);
        ledger.WallSeconds = elapsed.TotalSeconds;
        return message;
    }

    public static SearchMessage WithoutCandidates(SearchMessage search)
    {
        var message = new SearchMessage(search);
        message.Candidates.Clear();
        message.VerifierStates.Clear();
        return message;
    }

    /// <summary>A search as lists show it: what there may be much of is left out.</summary>
    public static SearchMessage Summary(SearchMessage search)
    {
        var message = WithoutCandidates(search);
        foreach (var verifier in message.Spec?.Verifiers ?? [])
        {
            verifier.State = ByteString.Empty;
        }

        return message;
    }
}
