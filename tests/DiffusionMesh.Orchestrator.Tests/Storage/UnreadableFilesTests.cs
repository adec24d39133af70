using DiffusionMesh.Orchestrator.Storage;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>Files of a data directory that are there and cannot be read: their search is not given up for it.</summary>
public sealed class UnreadableFilesTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Image_ThatCannotBeRead_IsAnErrorOfTheStorageAndNoMissingImage()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        var name = Samples.Image(1).Digest["sha256:".Length..] + ".ppm";
        Directory.CreateDirectory(Path.Combine(store.Directory, "searches", id, "images", name));

        var error = await Assert.ThrowsAsync<StorageException>(
            () => store.Storage.FindImageAsync(id, Contracts.JournalMapping.ToMessage(Samples.Image(1)), None));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Journal_ThatCannotBeRead_IsAnErrorOfTheStorage()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using (var log = await store.Storage.TakeAsync(id, "one", None))
        {
            await log.AppendAsync(Samples.Waste(1), [], []);
        }

        var path = Path.Combine(store.Directory, "searches", id, "journal.jsonl");
        File.Delete(path);
        Directory.CreateDirectory(path);

        var error = await Assert.ThrowsAsync<StorageException>(() => store.Storage.ReadAsync(id, 0, None));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}
