using System.Globalization;
using Npgsql;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>
/// Hears what other orchestrators have written, over one connection. Whenever that was lost, everyone who waits looks again.
/// </summary>
internal sealed partial class DatabaseSignals(NpgsqlDataSource database, ILogger logger) : IAsyncDisposable
{
    private const string Channel = "diffusionmesh";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Followed> _followed = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _listening = Task.CompletedTask;

    /// <summary>
    /// Is told the id of a search that changed, null if any may have; and the epoch of its owner, if that is who wrote to it.
    /// </summary>
    public event Action<string?, long?>? Changed;

    public void Start() => _listening = Task.Run(ListenAsync);

    /// <summary>Listens for a search until it is disposed of.</summary>
    public Follower Follow(string id)
    {
        lock (_gate)
        {
            var followed = _followed.TryGetValue(id, out var known) ? known : (_followed[id] = new Followed());
            followed.Followers++;
            return new Follower(this, id, followed);
        }
    }

    /// <summary>Wakes whoever follows a search.</summary>
    public void Signal(string id)
    {
        lock (_gate)
        {
            if (_followed.TryGetValue(id, out var followed))
            {
                followed.Signal();
            }
        }
    }

    /// <summary>
    /// Wakes followers everywhere. Apart from the write itself: a transaction that notifies keeps all others that do from
    /// committing until it is durable.
    /// </summary>
    /// <param name="epoch">Of the search's owner, if it is the one that wrote.</param>
    public static async Task<bool> SendAsync(NpgsqlConnection connection, string id, long? epoch = null)
    {
        await using var notify = new NpgsqlCommand("select pg_notify(@channel, @id)", connection);
        notify.Parameters.AddWithValue("channel", Channel);
        notify.Parameters.AddWithValue("id", epoch is null ? id : FormattableString.Invariant($"{id} {epoch}"));
        await notify.ExecuteNonQueryAsync();
        return true;
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
            catch (Exception e)
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

        lock (_gate)
        {
            foreach (var followed in _followed.Values)
            {
                followed.Signal();
            }
        }

        Changed?.Invoke(null, null);
        while (true)
        {
            await connection.WaitAsync(_stop.Token);
        }
    }

    private void Tell(string payload)
    {
        var parts = payload.Split(' ');
        Signal(parts[0]);
        Changed?.Invoke(parts[0], parts is [_, var epoch] ? long.Parse(epoch, CultureInfo.InvariantCulture) : null);
    }

    private void Leave(string id, Followed followed)
    {
        lock (_gate)
        {
            if (--followed.Followers == 0)
            {
                _followed.Remove(id);
            }
        }
    }

    [LoggerMessage(EventName = "DatabaseLost", Level = LogLevel.Warning, Message = "The database stopped telling of changes ({Reason}); asking again")]
    private static partial void LogLost(ILogger logger, string reason);

    /// <summary>One that waits for what is written about a search.</summary>
    internal sealed class Follower(DatabaseSignals signals, string id, Followed followed) : IDisposable
    {
        /// <summary>Ends when something is written from now on.</summary>
        public Task Next => followed.Next;

        public void Dispose() => signals.Leave(id, followed);
    }

    /// <summary>A search that is followed.</summary>
    internal sealed class Followed
    {
        private TaskCompletionSource _next = New();

        public int Followers { get; set; }

        public Task Next => Volatile.Read(ref _next).Task;

        public void Signal() => Interlocked.Exchange(ref _next, New()).SetResult();

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
