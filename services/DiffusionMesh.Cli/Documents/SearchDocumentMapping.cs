using System.Text.Json;
using DiffusionMesh.Contracts.SearchV1;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Documents;

/// <summary>Writes a search, as the orchestrator answers it, as a document.</summary>
internal static class SearchDocumentMapping
{
    /// <summary>The file of the best image with <paramref name="rank"/>, from 0.</summary>
    public static string BestImageFile(int rank) => rank == 0 ? "best.png" : $"best-{rank + 1}.png";

    public static SearchDocument ToDocument(this SearchMessage search, DescribeMeshResponse mesh)
    {
        var selecting = search.Spec.Verifiers.Where(verifier => !verifier.HeldOut).Select(verifier => verifier.Name).ToArray();
        var best = search.Best.Select((one, rank) => ToSection(one, rank, selecting)).ToArray();
        return new SearchDocument
        {
            Search = new SearchSection
            {
                Id = search.Id,
                State = SnakeCase(search.State),
                StopReason = SnakeCase(search.StopReason),
                Error = NullIfEmpty(search.Error),
                CreateTime = search.CreateTime?.ToDateTimeOffset(),
                EndTime = search.EndTime?.ToDateTimeOffset(),
                Spec = search.Spec.ToSection(mesh),
            },
            Best = best.FirstOrDefault(),
            RunnersUp = [.. best.Skip(1)],
            Ledger = search.Ledger.ToSection(),
            Verifiers = [.. search.Spec.Verifiers.Select(selection => mesh.Verifiers
                .FirstOrDefault(status => status.Name == selection.Name)?.Verifier?.ToSection(selection.Name))
                .OfType<VerifierSection>()],
            Degradations = [.. search.Degradations],
            Hacking = [.. search.Hacking.Select(ToSection)],
            Candidates = [.. search.Candidates.Select(CandidateMapping.ToSection)],
        };
    }

    public static string SnakeCase<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static HackingSection ToSection(HackingRound round) => new()
    {
        Round = round.Round,
        Searched = round.Searched,
        HeldOut = round.HeldOut,
        Gap = round.Gap,
        Diversity = round.Diversity,
        Warning = round.Warning,
    };

    private static BestSection ToSection(Best best, int rank, string[] selecting)
    {
        var scores = CandidateMapping.Values(best.Scores);
        return new BestSection
        {
            Candidate = best.CandidateId,
            SearchScore = best.SearchScore,
            Score = selecting is [var single] ? scores.GetValueOrDefault(single) : null,
            Scores = scores,
            Image = BestImageFile(rank),
            PixelDigest = best.PixelDigest,
        };
    }

    private static LedgerSection ToSection(this Ledger? ledger) => new()
    {
        Nfe = new NfeSection
        {
            Search = ledger?.NfeSearch ?? 0,
            Final = ledger?.NfeFinal ?? 0,
            Wasted = ledger?.NfeWasted ?? 0,
            Total = ledger?.NfeTotal ?? 0,
        },
        NetworkRows = ledger?.NetworkRows ?? 0,
        Decodes = ledger?.Decodes ?? 0,
        VerifierCalls = new SortedDictionary<string, long>(
            ledger?.VerifierCalls.ToDictionary() ?? [], StringComparer.Ordinal),
        WallSeconds = ledger?.WallSeconds ?? 0,
    };
}
