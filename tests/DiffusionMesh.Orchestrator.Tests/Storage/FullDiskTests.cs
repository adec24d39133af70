using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Orchestrator.Storage.RunDirectory;
using DiffusionMesh.Search;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>A data directory on a disk without room, for a while.</summary>
public sealed class FullDiskTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [SmallDiskFact]
    public async Task Append_DiskIsFull_SaysSoAndKeepsWhatHadReturned()
    {
        await using var disk = await SmallDisk.MountAsync();
        using var storage = RunDirectoryStorage.Open(disk.Data, TimeProvider.System);
        var id = (await storage.CreateAsync(Samples.Header(), None)).Header.Id;
        var kept = 0;
        await using (var log = await storage.TakeAsync(id, "one", None))
        {
            var error = await Assert.ThrowsAsync<StorageException>(async () =>
            {
                while (true)
                {
                    await log.AppendAsync(Samples.Waste(kept + 1), [new SampleImage(Enumerable.Repeat((byte)kept, 100 * 100 * 3).ToArray(), 100, 100, 3)], []);
                    kept++;
                }
            });
            Assert.Contains("make room", error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync(Samples.Waste(0), [], []));
        }

        disk.MakeRoom();
        await using (var again = await storage.TakeAsync(id, "one", None))
        {
            await again.AppendAsync(Samples.Waste(kept + 1), [Samples.Image(1)], []);
        }

        Assert.InRange(kept, 1, 100);
        Assert.Equal(Enumerable.Range(1, kept + 1).Select(i => (long)i), (await storage.ReadAsync(id, 0, None)).Select(entry => entry.WastedNfe));
    }

    [SmallDiskFact]
    public async Task Append_DiskIsFullForTheJournal_SaysSoAndReadersFindWhatIsWrittenLater()
    {
        const int Small = 250;
        await using var disk = await SmallDisk.MountAsync();
        using var storage = RunDirectoryStorage.Open(disk.Data, TimeProvider.System);
        var id = (await storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using (var log = await storage.TakeAsync(id, "one", None))
        {
            await Task.WhenAll(Enumerable.Range(1, Small).Select(i => log.AppendAsync(Samples.Waste(i), [], [])));
            var error = await Assert.ThrowsAsync<StorageException>(() => Task.WhenAll(Enumerable.Range(0, 20).Select(_ => log.AppendAsync(Long(), [], []))));
            Assert.Contains("make room", error.Message, StringComparison.Ordinal);
        }

        var kept = (await storage.ReadAsync(id, 0, None)).Count;
        await using (var again = await storage.TakeAsync(id, "one", None))
        {
            await Task.WhenAll(Enumerable.Range(kept + 1, 50).Select(i => again.AppendAsync(Samples.Waste(i), [], [])));
        }

        Assert.InRange(kept, Small, Small + 10);
        Assert.Equal(Enumerable.Range(1, kept + 50).Select(i => (long)i), (await storage.ReadAsync(id, 0, None)).Select(entry => entry.Number));
        Assert.Equal(Enumerable.Range(kept + 11, 40).Select(i => (long)i), (await storage.ReadAsync(id, kept + 10, None)).Select(entry => entry.WastedNfe));

        static JournalEntry Long() => new() { Event = new WatchSearchResponse { SearchStarted = new SearchStarted { Orchestrator = new string('x', 200 << 10) } } };
    }

    [SmallDiskFact]
    public async Task Create_DiskIsFull_SaysSoAndLeavesNothingBehind()
    {
        await using var disk = await SmallDisk.MountAsync();
        using (var storage = RunDirectoryStorage.Open(disk.Data, TimeProvider.System))
        {
            await File.WriteAllBytesAsync(Path.Combine(disk.Data, "filler"), new byte[500 << 10]);
            var error = await Assert.ThrowsAsync<StorageException>(async () =>
            {
                while (true)
                {
                    await storage.CreateAsync(Samples.Header(), None);
                }
            });
            Assert.Contains("Make room", error.Message, StringComparison.Ordinal);
        }

        disk.MakeRoom();
        using var opened = RunDirectoryStorage.Open(disk.Data, TimeProvider.System);
        var before = (await opened.ListAsync(null, null, 1000, None)).Count;
        await opened.CreateAsync(Samples.Header(), None);
        Assert.Equal(before + 1, (await opened.ListAsync(null, null, 1000, None)).Count);
    }

    [SmallDiskFact]
    public async Task Search_OnAFullDisk_IsDeletedAndMakesRoom()
    {
        await using var disk = await SmallDisk.MountAsync();
        using var storage = RunDirectoryStorage.Open(disk.Data, TimeProvider.System);
        var id = (await storage.CreateAsync(Samples.Header(), (_, _) => new Admission(0, 0, 100), None)).Header.Id;
        await using (var log = await storage.TakeAsync(id, "one", None))
        {
            await log.AppendAsync(Samples.Waste(1), [.. Enumerable.Range(0, 20).Select(number => Samples.Image(number))], []);
            await log.AppendAsync(Samples.End(nfe: 30), [], []);
        }

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await using var filler = File.Create(Path.Combine(disk.Data, "filler"));
            while (true)
            {
                await filler.WriteAsync(new byte[4096]);
            }
        });

        Assert.True(await storage.DeleteAsync(id, None));
        Assert.Null(await storage.FindAsync(id, None));
    }
}
