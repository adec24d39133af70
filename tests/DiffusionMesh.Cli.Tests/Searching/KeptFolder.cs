using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Searching;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Tests.Searching;

/// <summary>Folders of a search, as <c>dmesh search</c> and its orchestrator leave them.</summary>
internal sealed class KeptFolder : IDisposable
{
    public const string Id = "01a1ff2df4e47c94b739dc1d34026c33";

    public string Path { get; } = Directory.CreateTempSubdirectory("dmesh-kept-").FullName;

    /// <summary>Where what is kept of the search lies.</summary>
    public string Search => System.IO.Path.Combine(Path, "run", "searches", Id);

    private string Journal => System.IO.Path.Combine(Search, "journal.jsonl");

    public static SearchMessage Ended(SearchState state, StopReason reason)
    {
        var search = SampleSearch.Create(candidates: 2);
        (search.Id, search.State, search.StopReason) = (Id, state, reason);
        return search;
    }

    /// <summary>Results alone, as of a search that an orchestrator keeps.</summary>
    public KeptFolder Results(SearchMessage search)
    {
        var document = search.ToDocument(SampleSearch.Mesh());
        ResultFiles.Write(Path, document, SampleSearch.Images(document));
        return this;
    }

    /// <summary>A search that has begun.</summary>
    public KeptFolder Kept()
    {
        Directory.CreateDirectory(Search);
        var header = new SearchHeader { Id = Id, Spec = SampleSearch.Create().Spec };
        File.WriteAllText(System.IO.Path.Combine(Search, "search.json"), JsonFormatter.Default.Format(header).Insert(1, "\"ofAnotherVersion\": true, "));
        File.WriteAllText(System.IO.Path.Combine(Search, "state.json"), "{}");
        return Write(new JournalEntry { Event = new WatchSearchResponse { SearchStarted = new SearchStarted { Orchestrator = "a" } } });
    }

    public KeptFolder Ends(SearchMessage search) => Write(new JournalEntry { Event = new WatchSearchResponse { SearchFinished = search } });

    public KeptFolder Reopens() => Write(new JournalEntry { Reopened = new Reopened() });

    /// <summary>Takes the end of the journal's last line away, as a crash does.</summary>
    public KeptFolder Tears()
    {
        File.WriteAllText(Journal, File.ReadAllText(Journal).TrimEnd('\n'));
        return this;
    }

    public KeptFolder Damages()
    {
        File.WriteAllText(Journal, "{ \"searchFinished\" garbage\n" + File.ReadAllText(Journal));
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private KeptFolder Write(JournalEntry entry)
    {
        File.AppendAllText(Journal, JsonFormatter.Default.Format(entry) + "\n");
        return this;
    }
}
