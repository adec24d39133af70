using System.Collections.Concurrent;
using Npgsql;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>
/// Hears what other orchestrators have written, over one connection. Whenever that was lost, everyone who waits looks again.
/// </summary>
internal sealed partial class DatabaseSignals(NpgsqlDataSource database, ILogger logger) : IAsyncDisposable
{
    public const string Channel = "diffusionmesh";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _listening = Task.CompletedTask;

    /// <summary>Is told the id of a search that changed; null if any may have.</summary>
    public event Action<string?>? Changed;

    public void Start() => _listening = Task.Run(ListenAsync);

    /// <summary>Ends when something is written about a search from now on.</summary>
    public Task Next(string id) =>
        _waiting.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Wakes whoever waits for a search.</summary>
    public void Signal(string id)
    {
        if (_waiting.TryRemove(id, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListenOnceAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException)
            {
                LogLost(logger, e.Message);
                await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenOnceAsync()
    {
        await using var connection = await database.OpenConnectionAsync(_stop.Token);
        connection.Notification += (_, notification) => Tell(notification.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(_stop.Token);
        }

        foreach (var id in _waiting.Keys)
        {
            Signal(id);
        }

        Changed?.Invoke(null);
        while (true)
        {
            await connection.WaitAsync(_stop.Token);
        }
    }

    private void Tell(string id)
    {
        Signal(id);
        Changed?.Invoke(id);
    }

    [LoggerMessage(EventName = "DatabaseLost", Level = LogLevel.Warning, Message = "The database stopped telling of changes ({Reason}); asking again")]
    private static partial void LogLost(ILogger logger, string reason);
}
