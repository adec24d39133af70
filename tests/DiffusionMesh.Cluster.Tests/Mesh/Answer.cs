using System.Security.Cryptography;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cluster.Tests.Mesh;

/// <summary>All of a search's outcome that must not depend on what befell the mesh.</summary>
/// <param name="Digest">Over candidates, scores, the choice and the search and final NFE.</param>
/// <param name="Best">Pixels of the best image.</param>
/// <param name="Outcome">The search itself.</param>
internal sealed record Answer(string Digest, ReadOnlyMemory<byte> Best, SearchMessage Outcome)
{
    /// <summary>Until its user had it.</summary>
    public TimeSpan Took { get; init; }

    public static async Task<Answer> OfAsync(SearchMessage search, SearchService.SearchServiceClient client)
    {
        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        var image = await client.GetSearchImageAsync(new() { SearchId = search.Id, Format = ImageFormat.Pixels });
        Assert.Equal(search.Best[0].PixelDigest, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(image.Pixels.Data.Span))}");
        return new(DigestOf(search), image.Pixels.Data.Memory, search);
    }

    public static string DigestOf(SearchMessage search) => Convert.ToHexStringLower(SHA256.HashData(new SearchMessage
    {
        State = search.State,
        StopReason = search.StopReason,
        Best = { search.Best },
        Candidates = { search.Candidates },
        Ledger = new Ledger { NfeSearch = search.Ledger.NfeSearch, NfeFinal = search.Ledger.NfeFinal },
    }.ToByteArray()));

    /// <summary>The same result, and the same accounts but for what was lost.</summary>
    public void AssertSameResult(Answer other)
    {
        Assert.Equal(Outcome.Best[0].PixelDigest, other.Outcome.Best[0].PixelDigest);
        Assert.True(Best.Span.SequenceEqual(other.Best.Span), "the best image has other bytes");
        Assert.Equal(Outcome.Ledger.NfeSearch, other.Outcome.Ledger.NfeSearch);
        Assert.Equal(Outcome.Candidates, other.Outcome.Candidates);
        Assert.Equal(Digest, other.Digest);
        var ledger = other.Outcome.Ledger;
        Assert.Equal(ledger.NfeSearch, other.Outcome.Candidates.Sum(candidate => candidate.Nfe));
        Assert.Equal(ledger.NfeTotal, ledger.NfeSearch + ledger.NfeFinal + ledger.NfeWasted);
    }

    /// <summary>The same result, the same accounts; what was lost is at most one segment of each candidate of a round for each time.</summary>
    /// <param name="losses">How often work was lost.</param>
    public void AssertSame(Answer other, int losses)
    {
        AssertSameResult(other);
        var ledger = other.Outcome.Ledger;
        var round = other.Outcome.Candidates.GroupBy(candidate => candidate.Round).Max(round => round.Sum(candidate => candidate.Nfe));
        Assert.InRange(ledger.NfeWasted, 0, losses * Math.Max(round, ledger.NfeFinal));
    }
}
