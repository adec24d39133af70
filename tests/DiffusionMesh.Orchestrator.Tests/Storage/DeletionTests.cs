using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Orchestrator.Storage.RunDirectory;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>Searches and images that are deleted from a data directory, whatever comes in between.</summary>
public sealed class DeletionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Images_WhoseDeletionWasBrokenOff_AreDeletedAtTheNextStart()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using (var log = await store.Storage.TakeAsync(id, "one", None))
        {
            await log.AppendAsync(Samples.End(), [], []);
        }

        await store.Storage.DropImagesAsync(id, None);
        var images = Directory.CreateDirectory(Path.Combine(store.Directory, "searches", id, "images"));

        await store.ReopenAsync();

        Assert.False(Directory.Exists(images.FullName));
    }

    [SmallDiskFact]
    public async Task Search_WhoseFolderCannotBeRemoved_IsDeletedAndTheFolderIsNamed()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using (var log = await store.Storage.TakeAsync(id, "one", None))
        {
            await log.AppendAsync(Samples.End(), [], []);
        }

        var (searches, trash) = (Path.Combine(store.Directory, "searches"), Path.Combine(store.Directory, "searches", $".deleted-{id}"));
        // Where a disk is mounted nobody can remove the folder.
        await using var disk = await SmallDisk.MountAsync(Directory.CreateDirectory(Path.Combine(searches, id, "images")));

        var error = await Assert.ThrowsAsync<FolderLeftException>(() => store.Storage.DeleteAsync(id, None));
        var found = await store.Storage.FindAsync(id, None);
        await store.ReopenAsync();
        var atStart = Assert.Single(((RunDirectoryStorage)store.Storage).Damaged);
        Directory.Move(trash, Path.Combine(searches, id));

        Assert.All([error.Message, atStart], message => Assert.Contains($"its folder {trash} cannot be removed", message, StringComparison.Ordinal));
        Assert.Null(found);
    }

    [Fact]
    public async Task Search_ThatIsRestoredFromACopy_IsNotDeletedAgain()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var id = (await store.Storage.CreateAsync(Samples.Header("a"), (_, _) => new Admission(0, 0, 100), None)).Header.Id;
        await using (var log = await store.Storage.TakeAsync(id, "one", None))
        {
            await log.AppendAsync(Samples.End(nfe: 30), [], []);
        }

        using var folder = new SearchFolder(store.Directory, id);
        await store.Storage.DeleteAsync(id, None);

        folder.PutBackAs(id);
        await store.ReopenAsync();

        Assert.NotNull(await store.Storage.FindAsync(id, None));
    }
}
