using System.Collections.Concurrent;
using DiffusionMesh.Cluster.Tests.Mesh;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cluster.Tests.Cluster;

/// <summary>The cluster that <c>tests/cluster/up.sh</c> starts: 2 orchestrators, 3 denoisers, 3 verifiers, a database.</summary>
public sealed class RunningCluster : IAsyncLifetime
{
    private readonly ConcurrentDictionary<SearchSpec, Lazy<Task<Answer>>> _answers = new();
    private string _prefix = "";

    public string FolderPath { get; } = Directory.CreateTempSubdirectory("dmesh-cluster-").FullName;

    /// <summary>Each answers for all searches.</summary>
    internal IReadOnlyList<Orchestrator> Orchestrators { get; private set; } = [];

    internal IReadOnlyList<SearchService.SearchServiceClient> Clients => [.. Orchestrators.Select(orchestrator => orchestrator.Client)];

    internal Pod this[string name] => new(this, name);

    public async Task InitializeAsync()
    {
        if (Machine.Skip is not null)
        {
            return;
        }

        await ScriptAsync("up.sh");
        _prefix = (await Tool.RunAsync("bash", ["-c", $". {Repository.Script("cluster.sh")}; echo $PREFIX"], Folder)).Trim();
        Orchestrators = [new(this, "orchestrator-1"), new(this, "orchestrator-2")];
    }

    public async Task DisposeAsync()
    {
        foreach (var orchestrator in Orchestrators)
        {
            orchestrator.Dispose();
        }

        if (Machine.Skip is null)
        {
            await ScriptAsync("down.sh");
        }

        Directory.Delete(FolderPath, recursive: true);
    }

    /// <summary>Makes it again what it was at its start.</summary>
    internal Task HealAsync() => ScriptAsync("heal.sh");

    internal NetworkNamespace Namespace(string pod) => new($"{_prefix}-{pod}");

    internal Task<string> ScriptAsync(string script, params IEnumerable<string> arguments) =>
        Tool.RunAsync(Repository.Script(script), arguments, Folder, ("HOSTS", Repository.Hosts));

    /// <summary>What a search finds when nothing goes wrong; run once for each specification.</summary>
    internal Task<Answer> UndisturbedAsync(SearchSpec spec) => _answers.GetOrAdd(spec, _ => new(async () =>
    {
        var run = await SearchRun.StartAsync(Clients, spec);
        var answer = await Answer.OfAsync(await run.EndAsync(), Orchestrators[0].Client);
        return answer with { Took = run.Took };
    })).Value;

    private (string Name, string Value) Folder => ("CLUSTER", FolderPath);
}
