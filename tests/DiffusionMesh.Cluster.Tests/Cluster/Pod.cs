namespace DiffusionMesh.Cluster.Tests.Cluster;

/// <summary>One process of the cluster and what can befall it. The verbs are those of <c>tests/cluster/pod.sh</c>.</summary>
internal sealed class Pod(RunningCluster cluster, string name)
{
    public string Name => name;

    public string Address => File.ReadAllText(Path.Combine(Folder, "address")).Trim();

    /// <summary>Null while it does not run.</summary>
    public int? ProcessId => File.Exists(Path.Combine(Folder, "pid"))
        ? int.Parse(File.ReadAllText(Path.Combine(Folder, "pid")), System.Globalization.CultureInfo.InvariantCulture)
        : null;

    /// <summary>The end of what it wrote.</summary>
    public string LastLines => string.Join('\n', File.ReadLines(Path.Combine(Folder, "log")).TakeLast(60));

    private string Folder => Path.Combine(cluster.FolderPath, "pods", name);

    /// <summary>Waits until it has nothing to do: no time of a processor for a third of a second.</summary>
    public async Task IdlesAsync()
    {
        using var limit = new CancellationTokenSource(Mesh.SearchRun.Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(330));
        using var process = System.Diagnostics.Process.GetProcessById(ProcessId!.Value);
        for (var (before, now) = (TimeSpan.Zero, process.TotalProcessorTime); now != before; now = process.TotalProcessorTime)
        {
            before = now;
            await timer.WaitForNextTickAsync(limit.Token);
            process.Refresh();
        }
    }

    /// <param name="arguments">Beyond its own: variables as NAME=VALUE; after <c>--</c> arguments.</param>
    public Task StartAsync(params IEnumerable<string> arguments) => DoAsync("start", arguments);

    public Task KillAsync() => DoAsync("kill");

    public Task StopAsync() => DoAsync("stop");

    public Task PauseAsync() => DoAsync("pause");

    public Task GoAsync() => DoAsync("go");

    public Task ListAsync() => DoAsync("list");

    public Task UnlistAsync() => DoAsync("unlist");

    public Task DropAsync(int percent) => DoAsync("drop", $"{percent}");

    public Task MuteAsync() => DoAsync("mute");

    public Task DelayAsync(int milliseconds) => DoAsync("delay", $"{milliseconds}");

    public Task HealAsync() => DoAsync("heal");

    private Task<string> DoAsync(string verb, params IEnumerable<string> arguments) => cluster.ScriptAsync("pod.sh", [verb, name, .. arguments]);
}
