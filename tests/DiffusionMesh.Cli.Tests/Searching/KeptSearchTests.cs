using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Searching;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cli.Tests.Searching;

public sealed class KeptSearchTests : IDisposable
{
    private readonly KeptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_ResultsWithoutTheSearch_NamesTheSearchThatAnOrchestratorKeeps()
    {
        _folder.Results(KeptFolder.Ended(SearchState.Succeeded, StopReason.BudgetSpent));

        var kept = KeptSearch.Find(_folder.Path);

        Assert.Equal((KeptFolder.Id, null, _folder.Path), (kept.Id, kept.Folder, kept.Results));
    }

    [Fact]
    public void Find_ResultsWithTheSearch_FindsItInThem()
    {
        _folder.Results(KeptFolder.Ended(SearchState.Cancelled, StopReason.Cancelled)).Kept();

        var kept = KeptSearch.Find(_folder.Path);

        Assert.Equal((KeptFolder.Id, _folder.Search, _folder.Path), (kept.Id, kept.Folder, kept.Results));
    }

    [Theory]
    [InlineData(SearchState.Succeeded, true)]
    [InlineData(SearchState.Cancelled, true)]
    [InlineData(SearchState.Failed, false)]
    public void RequireEnded_OfASearchThatHasEnded_RefusesOnlyAFailedOne(SearchState state, bool isAccepted)
    {
        _folder.Kept().Ends(KeptFolder.Ended(state, StopReason.BudgetSpent));
        var kept = KeptSearch.Find(_folder.Path);

        var failure = Record.Exception(() => kept.RequireEnded("replay it", evenIfFailed: false));

        Assert.Equal(isAccepted, failure is null);
        kept.RequireEnded("score it anew", evenIfFailed: true);
    }

    [Fact]
    public void RequireEnded_OfASearchThatHasNot_NamesTheCommandThatGoesOn()
    {
        _folder.Kept();

        var failure = Assert.Throws<CommandFailure>(() => KeptSearch.Find(_folder.Path).RequireEnded("replay it", evenIfFailed: false));

        Assert.Equal(ExitCode.BadArguments, failure.ExitCode);
        Assert.Contains($"'dmesh resume {_folder.Path}'", Assert.Single(failure.Violations).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireEnded_OfASearchThatWasResumed_GoesByWhatCameAfter()
    {
        _folder.Kept().Ends(KeptFolder.Ended(SearchState.Cancelled, StopReason.Cancelled)).Reopens();

        Assert.Throws<CommandFailure>(() => KeptSearch.Find(_folder.Path).RequireEnded("replay it", evenIfFailed: false));
    }

    [Fact]
    public void RequireEnded_OfAnEndThatWasTorn_CountsItForNothing()
    {
        _folder.Kept().Ends(KeptFolder.Ended(SearchState.Succeeded, StopReason.BudgetSpent)).Tears();

        Assert.Throws<CommandFailure>(() => KeptSearch.Find(_folder.Path).RequireEnded("replay it", evenIfFailed: false));
    }

    [Fact]
    public void RequireEnded_OfADamagedJournal_LeavesItToTheServices() =>
        KeptSearch.Find(_folder.Kept().Damages().Path).RequireEnded("replay it", evenIfFailed: false);
}
