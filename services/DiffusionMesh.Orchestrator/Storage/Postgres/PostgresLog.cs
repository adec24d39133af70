using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using NpgsqlTypes;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>The one writer of a search in the database, for as long as nobody raises the search's epoch.</summary>
internal sealed class PostgresLog : ISearchLog
{
    // All of it or nothing, and only if nobody else has written or taken the search on: what is sent again after an
    // answer was lost changes nothing.
    private const string Append = """
        with owner as (
            update searches
            set last_number = @last,
                end_time = @end,
                nfe_total = case when @end is null then nfe_total else greatest(nfe_total, @total) end,
                nfe_kept = case when @end is null then nfe_kept else @kept end
            where id = @id and epoch = @epoch and last_number = @first - 1
            returning id, tenant, priority, place, finish, nfe_day, nfe_held, least(greatest(@total - nfe_before, 0), nfe_held) as spent),
        kept as (
            insert into blobs (search_id, digest, data)
            select owner.id, blob.digest, blob.data from owner, unnest(@digests, @datas) as blob (digest, data)
            on conflict (search_id, digest) do update set data = excluded.data),
        written as (
            insert into journal (search_id, number, entry)
            select owner.id, line.number, line.entry from owner, unnest(@numbers, @entries) as line (number, entry)),
        settled as (
            update nfe_days set nfe = nfe_days.nfe - owner.nfe_held + owner.spent
            from owner where @end is not null and nfe_days.tenant = owner.tenant and nfe_days.day = owner.nfe_day),
        served as (
            insert into flows (tenant, priority, finish)
            select tenant, priority, place + div((finish - place)::numeric * spent, nfe_held)::bigint from owner where @end is not null and spent > 0
            on conflict (tenant, priority) do update set finish = greatest(flows.finish, excluded.finish))
        select count(*) from owner
        """;

    private readonly string _id;
    private readonly DatabaseCalls _calls;
    private readonly TimeProvider _time;
    private readonly Action<PostgresLog> _closed;
    private readonly AppendQueue _queue;
    private readonly CoalescedCall _notify;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly Lock _gate = new();
    private long _number;
    private bool _isClosed;

    public PostgresLog(string id, long epoch, long number, bool cancelRequested, DatabaseCalls calls, TimeProvider time, Action<PostgresLog> closed)
    {
        (_id, Epoch, _number, _calls, _time, _closed) = (id, epoch, number, calls, time, closed);
        _queue = new AppendQueue(WriteAsync);
        _notify = new CoalescedCall(NotifyAsync);
        See(epoch, cancelRequested);
    }

    public string Id => _id;

    public long Epoch { get; }

    public CancellationToken Lost => _lost.Token;

    public CancellationToken CancelRequested => _cancel.Token;

    public Task AppendAsync(JournalEntry entry, IReadOnlyList<SampleImage> images, IReadOnlyList<LatentState> latents) =>
        _queue.AppendAsync(new PendingAppend(entry, images, latents));

    /// <summary>Takes note of how the search stands in the database.</summary>
    public void See(long? epoch, bool cancelRequested)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            if (epoch != Epoch)
            {
                _ = _lost.CancelAsync();
            }
            else if (cancelRequested)
            {
                _ = _cancel.CancelAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _queue.DisposeAsync();
            await _notify.DisposeAsync();
        }
        finally
        {
            _closed(this);
            lock (_gate)
            {
                _isClosed = true;
            }

            _lost.Dispose();
            _cancel.Dispose();
        }
    }

    private async Task WriteAsync(IReadOnlyList<PendingAppend> group)
    {
        var first = _number + 1;
        var now = _time.GetUtcNow();
        var number = _number;
        foreach (var append in group)
        {
            (append.Entry.Number, append.Entry.Epoch, append.Entry.Time) = (++number, Epoch, Timestamp.FromDateTimeOffset(now));
        }

        var end = SearchEnd.Of(group[^1].Entry);
        var entries = group.Select(append => append.Entry.ToByteArray()).ToArray();
        var blobs = Blobs(group);
        if (!await _calls.CallAsync(connection => WriteAsync(connection, first, number, end, entries, blobs), CancellationToken.None))
        {
            See(epoch: null, cancelRequested: false);
            throw new SearchLostException($"search {_id} was taken on by another orchestrator, or deleted");
        }

        _number = number;
        _notify.Request();
    }

    // Whoever appends does not wait for it.
    private async Task NotifyAsync()
    {
        try
        {
            await _calls.CallAsync(connection => DatabaseSignals.SendAsync(connection, _id, Epoch), CancellationToken.None);
        }
        catch (StorageException)
        {
            // Followers look now and then all the same.
        }
    }

    private async Task<bool> WriteAsync(
        NpgsqlConnection connection,
        long first,
        long last,
        SearchEnd? end,
        byte[][] entries,
        Dictionary<string, byte[]> blobs)
    {
        await using (var append = new NpgsqlCommand(Append, connection))
        {
            append.Parameters.AddWithValue("id", _id);
            append.Parameters.AddWithValue("epoch", Epoch);
            append.Parameters.AddWithValue("first", first);
            append.Parameters.AddWithValue("last", last);
            append.Parameters.AddWithValue("end", NpgsqlDbType.TimestampTz, end is null ? DBNull.Value : end.Time);
            append.Parameters.AddWithValue("total", end?.NfeTotal ?? 0);
            append.Parameters.AddWithValue("kept", end?.NfeKept ?? 0);
            append.Parameters.AddWithValue("digests", blobs.Keys.ToArray());
            append.Parameters.AddWithValue("datas", blobs.Values.ToArray());
            append.Parameters.AddWithValue("numbers", Enumerable.Range(0, entries.Length).Select(i => first + i).ToArray());
            append.Parameters.AddWithValue("entries", entries);
            if ((long)(await append.ExecuteScalarAsync())! == 1)
            {
                return true;
            }
        }

        // Not ours any more; or it was written before, and only the answer was lost.
        await using var ask = new NpgsqlCommand("select 1 from searches where id = @id and epoch = @epoch and last_number = @last", connection);
        ask.Parameters.AddWithValue("id", _id);
        ask.Parameters.AddWithValue("epoch", Epoch);
        ask.Parameters.AddWithValue("last", last);
        return await ask.ExecuteScalarAsync() is not null;
    }

    private static Dictionary<string, byte[]> Blobs(IReadOnlyList<PendingAppend> group)
    {
        var blobs = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var append in group)
        {
            foreach (var image in append.Images)
            {
                blobs[image.Digest] = image.Pixels.ToArray();
            }

            foreach (var latent in append.Latents)
            {
                blobs[JournalMapping.ToMessage(latent).Digest] = latent.Data.ToArray();
            }
        }

        return blobs;
    }
}
