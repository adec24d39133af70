using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Tests;
using Npgsql;
using StopReason = DiffusionMesh.Search.StopReason;
using VerifierScore = DiffusionMesh.Search.VerifierScore;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

public sealed class DurableJournalTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Stores => StoreUnderTest.All;

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Journal_OpenedAnew_HoldsTheSameBits(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        var segment = Samples.Segment(1);
        var replacement = new VerifierReplacement("v", "sha256:1", "2", "cpu", -1, double.MaxValue);
        await WriteAsync(store, id, async journal =>
        {
            await journal.RecordSegmentAsync(Samples.Key(1), segment);
            await journal.RecordScoreAsync(Samples.Key(2), new VerifierScore("v", new ScoreOutcome.Value(-0.1 - 0.2)));
            await journal.RecordScoreAsync(Samples.Key(3), new VerifierScore("v", new ScoreOutcome.Missing("down")));
            await journal.RecordRoundAsync(0, RoundEntry.Began);
            await journal.RecordRoundAsync(1, new RoundEntry(StopReason.TimeLimit));
            await journal.RecordRoundAsync(-1, RoundEntry.Began with { Interrupted = true });
            await journal.RecordReplacementAsync(replacement);
            await journal.RecordOtherComputeClassAsync("gpu");
            await journal.RecordWasteAsync(7);
        });
        await store.ReopenAsync();

        await WriteAsync(store, id, async journal =>
        {
            var found = (await journal.FindSegmentAsync(Samples.Key(1)))!;
            Assert.Equal(segment.Image.Digest, found.Image.Digest);
            Assert.Equal(segment.State!.Data.ToArray(), found.State!.Data.ToArray());
            Assert.Equal((segment.Nfe, segment.NetworkRows, segment.Decodes), (found.Nfe, found.NetworkRows, found.Decodes));
            var prediction = Assert.Single(found.XPredictions);
            Assert.Equal((0.1, 0.30000000000000004), (prediction.RequestedLevel, prediction.Level));
            Assert.Equal(segment.XPredictions[0].Image.Digest, prediction.Image.Digest);
            Assert.Equal(new ScoreOutcome.Value(-0.1 - 0.2), await journal.FindScoreAsync(Samples.Key(2)));
            Assert.Equal(new ScoreOutcome.Missing("down"), await journal.FindScoreAsync(Samples.Key(3)));
            Assert.Equal(RoundEntry.Began, await journal.FindRoundAsync(0));
            Assert.Equal(StopReason.TimeLimit, (await journal.FindRoundAsync(1))!.StoppedBefore);
            Assert.True((await journal.FindRoundAsync(-1))!.Interrupted);
            Assert.Equal(replacement, Assert.Single(await journal.ReplacementsAsync()));
            Assert.Equal("gpu", Assert.Single(await journal.OtherComputeClassesAsync()));
            Assert.Equal(7, await journal.WastedAsync());
        });
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Journal_AfterReopened_ForgetsStopsAndWhatFailedForWantOfScores(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using (var log = await store.Storage.TakeAsync(id, "one", None))
        {
            var journal = await DurableJournal.OpenAsync(store.Storage, id, log, [], None);
            await journal.RecordRoundAsync(0, RoundEntry.Began);
            await journal.RecordRoundAsync(1, RoundEntry.Began with { Interrupted = true });
            await journal.RecordScoreAsync(Samples.Key(1), new VerifierScore("v", new ScoreOutcome.Missing("down")));
            await log.AppendAsync(Samples.End(SearchState.Failed), [], []);
        }

        await store.Storage.ReopenAsync(id, None);

        await WriteAsync(store, id, async journal =>
        {
            Assert.Equal(RoundEntry.Began, await journal.FindRoundAsync(0));
            Assert.Null(await journal.FindRoundAsync(1));
            Assert.Null(await journal.FindScoreAsync(Samples.Key(1)));
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Journal_ImageMissingOrAltered_CountsAsNotPaidAndItsCostAsWasted(bool altered)
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await WriteAsync(store, id, async journal =>
        {
            await journal.RecordSegmentAsync(Samples.Key(1), Samples.Segment(1));
            await journal.RecordSegmentAsync(Samples.Key(2), Samples.Segment(2));
        });
        var digest = Samples.Image(2).Digest["sha256:".Length..];
        var path = Path.Combine(store.Directory, "searches", id, "images", digest + ".ppm");
        if (altered)
        {
            var bytes = await File.ReadAllBytesAsync(path);
            bytes[^1] ^= 1;
            await File.WriteAllBytesAsync(path, bytes);
        }
        else
        {
            File.Delete(path);
        }

        // Once, however often it is opened before it is paid again.
        foreach (var lost in (long[])[12, 0])
        {
            await WriteAsync(store, id, journal =>
            {
                Assert.Equal(lost, journal.LostNfe);
                return Task.CompletedTask;
            });
        }

        await WriteAsync(store, id, async journal =>
        {
            Assert.NotNull(await journal.FindSegmentAsync(Samples.Key(1)));
            Assert.Null(await journal.FindSegmentAsync(Samples.Key(2)));
            Assert.Equal(12, await journal.WastedAsync());
            await journal.RecordSegmentAsync(Samples.Key(2), Samples.Segment(2));
            Assert.NotNull(await journal.FindSegmentAsync(Samples.Key(2)));
        });
    }

    [PostgresFact]
    public async Task Journal_ImageAlteredInTheDatabase_CountsAsNotPaidAndItsCostAsWasted()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.Postgres);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await WriteAsync(store, id, async journal =>
        {
            await journal.RecordSegmentAsync(Samples.Key(1), Samples.Segment(1));
            await journal.RecordSegmentAsync(Samples.Key(2), Samples.Segment(2));
        });
        await using (var database = NpgsqlDataSource.Create(store.Database))
        await using (var alter = database.CreateCommand("update blobs set data = set_byte(data, 0, 255 - get_byte(data, 0)) where digest = $1"))
        {
            alter.Parameters.AddWithValue(Samples.Image(2).Digest);
            Assert.Equal(1, await alter.ExecuteNonQueryAsync());
        }

        await WriteAsync(store, id, async journal =>
        {
            Assert.NotNull(await journal.FindSegmentAsync(Samples.Key(1)));
            Assert.Null(await journal.FindSegmentAsync(Samples.Key(2)));
            Assert.Equal(12, await journal.WastedAsync());
            await journal.RecordSegmentAsync(Samples.Key(2), Samples.Segment(2));
            Assert.NotNull(await journal.FindSegmentAsync(Samples.Key(2)));
        });
    }

    private static async Task WriteAsync(StoreUnderTest store, string id, Func<DurableJournal, Task> write)
    {
        await using var log = await store.Storage.TakeAsync(id, "one", None);
        await write(await DurableJournal.OpenAsync(store.Storage, id, log, await store.Storage.ReadAsync(id, 0, None), None));
    }
}
