using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>A watcher that comes back to a long search.</summary>
public sealed class LateWatchTests
{
    [Fact]
    public async Task Watch_FromALateEvent_DoesNotReadWhatCameBefore()
    {
        await using var mesh = await ScriptedMesh.StartAsync();
        var search = await mesh.Orchestrator.RunAsync(OrchestratorMesh.Spec());
        var events = await mesh.Orchestrator.WatchAsync(search.Id);
        await mesh.RestartAsync(() => Damage(Path.Combine(mesh.FolderOf(search.Id), "journal.jsonl"), line: 2));

        Assert.Equal(events[^2..], await mesh.Orchestrator.WatchAsync(search.Id, after: events.Count - 2));
        Assert.Empty(await mesh.Orchestrator.WatchAsync(search.Id, after: events.Count));
        var error = await Assert.ThrowsAsync<RpcException>(() => mesh.Orchestrator.WatchAsync(search.Id));
        Assert.Equal(StatusCode.DataLoss, error.StatusCode);
    }

    private static void Damage(string journal, int line)
    {
        var lines = File.ReadAllLines(journal);
        lines[line - 1] = "{ rubbish";
        File.WriteAllLines(journal, lines);
    }
}
