using System.Security.Cryptography;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>Reads what the tables hold.</summary>
internal sealed class PostgresRows(DatabaseCalls calls)
{
    // Of headers that are read at once.
    private const long PageBytes = 4 << 20;

    private const string Columns = "header, sequence, epoch, place, epoch = admitted_epoch, end_time, cancel_requested, last_number, images_dropped";

    public async Task<IReadOnlyList<StoredSearch>> SearchesAsync(
        string where, (string Name, object Value)[] parameters, CancellationToken cancellationToken) =>
        await calls.QueryAsync(
            $"select {Columns} from searches {where}",
            parameters,
            row => new StoredSearch(
                SearchHeader.Parser.ParseFrom(row.GetFieldValue<byte[]>(0)),
                row.GetInt64(1),
                row.GetInt64(2),
                row.GetInt64(3),
                row.GetBoolean(4) && row.IsDBNull(5),
                row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
                row.GetBoolean(6),
                row.GetInt64(7),
                row.GetBoolean(8)),
            cancellationToken);

    /// <summary>Searches created before one, newest first: as many as fit, and one at least.</summary>
    public Task<IReadOnlyList<StoredSearch>> PageAsync(string? tenant, long before, int count, CancellationToken cancellationToken)
    {
        var found = $"select sequence, header from searches where sequence < @before {(tenant is null ? "" : "and tenant = @tenant")} order by sequence desc limit @count";
        return SearchesAsync(
            $"""
            where sequence in (
                select sequence
                from (select sequence, sum(octet_length(header)) over (order by sequence desc) - octet_length(header) as newer from ({found}) as found) as sized
                where newer < @bytes)
            order by sequence desc
            """,
            [("before", before), ("count", count), ("bytes", PageBytes), .. tenant is null ? [] : new[] { ("tenant", (object)tenant) }],
            cancellationToken);
    }

    /// <exception cref="SearchDamagedException">One of them is no entry.</exception>
    public async Task<List<JournalEntry>> EntriesAsync(string id, long after, int count, CancellationToken cancellationToken)
    {
        var rows = await calls.QueryAsync(
            "select number, entry from journal where search_id = @id and number > @after order by number limit @count",
            [("id", id), ("after", after), ("count", count)],
            row => (Number: row.GetInt64(0), Entry: row.GetFieldValue<byte[]>(1)),
            cancellationToken);
        return rows.ConvertAll(row => Entry(id, row.Number, row.Entry));
    }

    /// <exception cref="SearchDamagedException">One of them is no entry.</exception>
    public async Task<IReadOnlyDictionary<string, JournalEntry>> LastEntriesAsync(
        IReadOnlyList<StoredSearch> searches, CancellationToken cancellationToken)
    {
        var rows = await calls.QueryAsync(
            """
            select search_id, number, entry from journal
            where (search_id, number) in (select * from unnest(@ids, @numbers))
            """,
            [("ids", searches.Select(search => search.Header.Id).ToArray()), ("numbers", searches.Select(search => search.LastEntry).ToArray())],
            row => (Id: row.GetString(0), Number: row.GetInt64(1), Entry: row.GetFieldValue<byte[]>(2)),
            cancellationToken);
        return rows.ToDictionary(row => row.Id, row => Entry(row.Id, row.Number, row.Entry), StringComparer.Ordinal);
    }

    /// <returns>Null if it is not kept, or is not what was written.</returns>
    public async Task<byte[]?> BlobAsync(string id, string digest, long bytes, CancellationToken cancellationToken)
    {
        var found = await calls.QueryAsync(
            "select data from blobs where search_id = @id and digest = @digest",
            [("id", id), ("digest", digest)],
            row => row.GetFieldValue<byte[]>(0),
            cancellationToken);
        return found is [var data] && data.Length == bytes && "sha256:" + Convert.ToHexStringLower(SHA256.HashData(data)) == digest ? data : null;
    }

    private static JournalEntry Entry(string id, long number, byte[] entry)
    {
        try
        {
            return JournalEntry.Parser.ParseFrom(entry);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SearchDamagedException($"search {id}: journal entry {number} cannot be read ({e.Message}). Restore the database from a copy", e);
        }
    }
}
