using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Searches that another version has written, of which this one cannot make sense.</summary>
public sealed class UnreadableSearchTests
{
    public static TheoryData<string, Action<SearchSpec>> Unknown => new()
    {
        { "on_other_compute_class", spec => spec.OnOtherComputeClass = (ComputeClassPolicy)99 },
        { "no-such-sampler", spec => spec.Sampler = "no-such-sampler" },
    };

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task Search_WhoseSpecificationCannotBeRead_EndsWithTheReasonAndOthersAreServed(string named, Action<SearchSpec> change)
    {
        await using var mesh = await ScriptedMesh.StartAsync();
        var search = await mesh.Orchestrator.RunAsync(OrchestratorMesh.Spec());

        await mesh.RestartAsync(() => Unfinish(mesh.FolderOf(search.Id), change));
        var other = await mesh.Orchestrator.RunAsync(OrchestratorMesh.Spec());
        var end = (await mesh.Orchestrator.WatchAsync(search.Id).WaitAsync(TimeSpan.FromMinutes(2)))[^1].SearchFinished;

        Assert.Equal(SearchState.Succeeded, other.State);
        Assert.Equal(SearchState.Failed, end.State);
        Assert.Contains(named, end.Error, StringComparison.Ordinal);
        Assert.Equal(search.Ledger.NfeSearch, end.Ledger.NfeSearch);
    }

    // As if it had been broken off just before its end.
    private static void Unfinish(string folder, Action<SearchSpec> change)
    {
        var (journal, file) = (Path.Combine(folder, "journal.jsonl"), Path.Combine(folder, "search.json"));
        File.WriteAllLines(journal, File.ReadAllLines(journal)[..^1]);
        var header = JsonParser.Default.Parse<SearchHeader>(File.ReadAllText(file));
        change(header.Spec);
        File.WriteAllText(file, JsonFormatter.Default.Format(header));
    }
}
