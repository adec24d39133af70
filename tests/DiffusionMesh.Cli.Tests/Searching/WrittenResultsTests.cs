using DiffusionMesh.Cli.Searching;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf.WellKnownTypes;

namespace DiffusionMesh.Cli.Tests.Searching;

public sealed class WrittenResultsTests : IDisposable
{
    private readonly KeptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SearchState.Succeeded, StopReason.BudgetSpent, true)]
    [InlineData(SearchState.Succeeded, StopReason.TimeLimit, false)]
    [InlineData(SearchState.Cancelled, StopReason.Cancelled, false)]
    [InlineData(SearchState.Failed, StopReason.Error, false)]
    public void Of_AFolderWithResults_AreThoseOfACompleteSearchAlone(SearchState state, StopReason reason, bool isComplete)
    {
        var search = KeptFolder.Ended(state, reason);
        _folder.Results(search).Kept().Ends(search);

        Assert.Equal(isComplete, WrittenResults.Of(KeptSearch.Find(_folder.Path)) is not null);
    }

    [Fact]
    public void Of_ResultsOfAnEarlierEnd_AreNone()
    {
        var complete = KeptFolder.Ended(SearchState.Succeeded, StopReason.BudgetSpent);
        complete.EndTime += Duration.FromTimeSpan(TimeSpan.FromMinutes(1));
        _folder.Results(KeptFolder.Ended(SearchState.Cancelled, StopReason.Cancelled)).Kept().Ends(complete);

        Assert.Null(WrittenResults.Of(KeptSearch.Find(_folder.Path)));
    }

    [Fact]
    public void Of_ACompleteSearchWithoutResults_AreNone()
    {
        _folder.Kept().Ends(KeptFolder.Ended(SearchState.Succeeded, StopReason.BudgetSpent));

        Assert.Null(WrittenResults.Of(KeptSearch.Find(_folder.Path)));
    }
}
