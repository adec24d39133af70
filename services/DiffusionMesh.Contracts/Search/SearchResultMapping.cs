using System.Globalization;
using DiffusionMesh.Search;
using BestMessage = DiffusionMesh.Contracts.SearchV1.Best;
using CandidateMessage = DiffusionMesh.Contracts.SearchV1.Candidate;
using DomainLedger = DiffusionMesh.Search.Accounting.Ledger;
using HackingMessage = DiffusionMesh.Contracts.SearchV1.HackingRound;
using HackingRound = DiffusionMesh.Search.Guarding.HackingRound;
using LedgerMessage = DiffusionMesh.Contracts.SearchV1.Ledger;
using ScoreMessage = DiffusionMesh.Contracts.SearchV1.VerifierScore;
using StateMessage = DiffusionMesh.Contracts.SearchV1.CandidateState;
using StopMessage = DiffusionMesh.Contracts.SearchV1.StopReason;

namespace DiffusionMesh.Contracts;

/// <summary>Writes what comes of a search.</summary>
public static class SearchResultMapping
{
    /// <summary>The identifier under which clients know a candidate.</summary>
    public static string CandidateId(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads an identifier; null if no candidate can have it.</summary>
    public static int? CandidateNumber(string id) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static CandidateMessage ToMessage(Candidate candidate) => new()
    {
        Id = CandidateId(candidate.Number),
        ParentId = candidate.Parent is { } parent ? CandidateId(parent) : "",
        Round = candidate.Round,
        Noise = candidate.Start is SegmentStart.Noise(var noise) ? NoiseMapping.ToMessage(noise) : null,
        RenoiseDraw = candidate.Start is SegmentStart.Renoise(_, var draw) ? NoiseMapping.ToMessage(draw) : null,
        FromNoiseLevel = candidate.FromLevel,
        ToNoiseLevel = candidate.ToLevel,
        Steps = candidate.Steps,
        Nfe = candidate.Nfe,
        NfePath = candidate.NfePath,
        Scores = { candidate.Scores.Select(ToMessage) },
        State = candidate.State switch
        {
            CandidateState.Proposed => StateMessage.Proposed,
            CandidateState.Sampled => StateMessage.Sampled,
            CandidateState.Scored => StateMessage.Scored,
            CandidateState.Unscored => StateMessage.Unscored,
            _ => throw new ArgumentOutOfRangeException(nameof(candidate), candidate.State, "not a state"),
        },
        PixelDigest = candidate.Image?.Digest ?? "",
    };

    public static BestMessage ToMessage(BestCandidate best) => new()
    {
        CandidateId = CandidateId(best.Candidate),
        SearchScore = best.SearchScore,
        Scores = { best.Scores.Select(ToMessage) },
        PixelDigest = best.Image.Digest,
    };

    public static HackingMessage ToMessage(HackingRound round) => new()
    {
        Round = round.Round,
        Searched = round.Searched,
        HeldOut = round.HeldOut,
        Gap = round.Gap,
        Diversity = round.Diversity,
        Warning = round.Warning,
    };

    public static LedgerMessage ToMessage(DomainLedger ledger, TimeSpan wall)
    {
        var message = new LedgerMessage
        {
            NfeSearch = ledger.NfeSearch,
            NfeFinal = ledger.NfeFinal,
            NfeWasted = ledger.NfeWasted,
            NfeTotal = ledger.NfeTotal,
            NetworkRows = ledger.NetworkRows,
            Decodes = ledger.Decodes,
            WallSeconds = wall.TotalSeconds,
        };
        message.VerifierCalls.Add(ledger.VerifierCalls);
        return message;
    }

    public static StopMessage ToMessage(StopReason reason) => reason switch
    {
        StopReason.BudgetSpent => StopMessage.BudgetSpent,
        StopReason.Completed => StopMessage.Completed,
        StopReason.TargetReached => StopMessage.TargetReached,
        StopReason.TimeLimit => StopMessage.TimeLimit,
        StopReason.Cancelled => StopMessage.Cancelled,
        StopReason.Error => StopMessage.Error,
        StopReason.Hacking => StopMessage.Hacking,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "not a reason"),
    };

    public static ScoreMessage ToMessage(VerifierScore score) => score.Outcome switch
    {
        ScoreOutcome.Value(var value) => new ScoreMessage { Verifier = score.Verifier, Value = value },
        ScoreOutcome.Missing(var reason) => new ScoreMessage { Verifier = score.Verifier, Error = reason },
        _ => throw new ArgumentOutOfRangeException(nameof(score), score.Outcome, "not an outcome"),
    };
}
