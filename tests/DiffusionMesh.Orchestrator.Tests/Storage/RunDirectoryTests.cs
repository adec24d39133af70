using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Orchestrator.Storage.RunDirectory;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

public sealed class RunDirectoryTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Journal_TornAtEveryByteOfItsLastLines_KeepsWholeLinesAndGoesOn()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var (id, path) = await WithEntriesAsync(store, 4);
        var whole = await File.ReadAllBytesAsync(path);
        var starts = Enumerable.Range(0, whole.Length).Where(i => i == 0 || whole[i - 1] == (byte)'\n').ToArray();

        for (var length = starts[2]; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(path, whole[..length]);
            await store.ReopenAsync();
            var complete = whole.Take(length).Count(b => b == (byte)'\n');

            Assert.Equal(complete, (await store.Storage.ReadAsync(id, 0, None)).Count);
            await using var log = await store.Storage.TakeAsync(id, "one", None);
            await log.AppendAsync(Samples.Waste(99), [], []);

            Assert.Equal(complete + 1, (await store.Storage.ReadAsync(id, 0, None))[^1].Number);
        }
    }

    [Fact]
    public async Task Journal_LastLineIsRubbish_IsDamagedAndNotCut()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var (id, path) = await WithEntriesAsync(store, 2);
        await File.AppendAllTextAsync(path, "{ \"number\": \"3\", \n");
        await store.ReopenAsync();

        var error = await Assert.ThrowsAsync<SearchDamagedException>(() => store.Storage.FindAsync(id, None));

        Assert.Contains($"{path}: line 3 ", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await File.ReadAllLinesAsync(path)).Length);
    }

    [Fact]
    public async Task Journal_OfALaterVersion_IsReadAsFarAsItIsKnown()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var (id, path) = await WithEntriesAsync(store, 2);
        await File.AppendAllTextAsync(path, "{ \"number\": \"3\", \"epoch\": \"1\", \"wastedNfe\": \"5\", \"later\": { \"a\": 1 } }\n");

        await store.ReopenAsync();

        Assert.Equal(5, (await store.Storage.ReadAsync(id, 0, None))[2].WastedNfe);
    }

    [Fact]
    public async Task Journal_LastLineNeverReachedTheDisk_IsCut()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var (id, path) = await WithEntriesAsync(store, 2);
        await File.AppendAllTextAsync(path, "\0\0\0\0\n");

        await store.ReopenAsync();

        Assert.Equal(2, (await store.Storage.ReadAsync(id, 0, None)).Count);
    }

    [Theory]
    [InlineData("{ \"number\": \"2\"")]
    [InlineData("{ \"number\": \"7\", \"wastedNfe\": \"1\" }")]
    public async Task Journal_LineInTheMiddleIsWrong_SaysFileAndLine(string wrong)
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var (id, path) = await WithEntriesAsync(store, 4);
        var lines = await File.ReadAllLinesAsync(path);
        lines[1] = wrong;
        await File.WriteAllTextAsync(path, string.Join('\n', lines) + "\n");
        await store.ReopenAsync();

        var error = await Assert.ThrowsAsync<SearchDamagedException>(() => store.Storage.ReadAsync(id, 0, None));

        Assert.Contains($"{path}: line 2 ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_DirectoryInUse_IsRefusedAndNamesDirectoryAndOwner()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);

        var error = Assert.Throws<StorageException>(() => RunDirectoryStorage.Open(store.Directory, TimeProvider.System));

        Assert.Contains(store.Directory, error.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SearchHalfCreatedOrHalfDeleted_IsRemoved()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var searches = Path.Combine(store.Directory, "searches");
        Directory.CreateDirectory(Path.Combine(searches, ".new-1", "images"));
        Directory.CreateDirectory(Path.Combine(searches, ".deleted-2", "images"));

        await store.ReopenAsync();

        Assert.Empty(Directory.GetDirectories(searches));
    }

    [Theory]
    [InlineData("search.json")]
    [InlineData("state.json")]
    public async Task Open_HeaderUnreadable_OthersAreServedAndItsFileIsNamed(string name)
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var (id, _) = await WithEntriesAsync(store, 1);
        var (other, _) = await WithEntriesAsync(store, 1);
        var path = Path.Combine(store.Directory, "searches", id, name);
        var good = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, "{");

        await store.ReopenAsync();

        Assert.Equal(other, Assert.Single(await store.Storage.ListAsync(null, null, 10, None)).Header.Id);
        var error = await Assert.ThrowsAsync<SearchDamagedException>(() => store.Storage.FindAsync(id, None));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, Assert.Single(((RunDirectoryStorage)store.Storage).Damaged));

        await File.WriteAllTextAsync(path, good);
        await store.ReopenAsync();

        Assert.Equal(id, (await store.Storage.FindAsync(id, None))?.Header.Id);
    }

    [Fact]
    public async Task Images_OfAGroup_AreAllThereAfterwards()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        var images = Enumerable.Range(0, 200).Select(number => Samples.Image(number % 150)).ToArray();
        await using (var log = await store.Storage.TakeAsync(id, "one", None))
        {
            await Task.WhenAll(images.Select((image, i) => log.AppendAsync(Samples.Waste(i), [image], [])));
        }

        await store.ReopenAsync();

        foreach (var image in images)
        {
            var found = await store.Storage.FindImageAsync(id, Contracts.JournalMapping.ToMessage(image), None);
            Assert.True(found!.Pixels.Span.SequenceEqual(image.Pixels.Span));
        }

        Assert.Equal(
            images.Select(image => image.Digest).Distinct().Count(),
            Directory.GetFiles(Path.Combine(store.Directory, "searches", id, "images")).Length);
    }

    [Fact]
    public async Task Images_OneOfAGroupCannotBeWritten_FailsTheGroup()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using var log = await store.Storage.TakeAsync(id, "one", None);
        var images = Enumerable.Range(0, 20).Select(number => Samples.Image(number)).ToArray();
        var name = images[17].Digest["sha256:".Length..] + ".ppm";
        Directory.CreateDirectory(Path.Combine(store.Directory, "searches", id, "images", name));

        var error = await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync(Samples.Waste(1), images, []));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Empty(await store.Storage.ReadAsync(id, 0, None));
    }

    private static async Task<(string Id, string Path)> WithEntriesAsync(StoreUnderTest store, int count)
    {
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using var log = await store.Storage.TakeAsync(id, "one", None);
        for (var i = 1; i <= count; i++)
        {
            await log.AppendAsync(Samples.Waste(i), [], []);
        }

        return (id, Path.Combine(store.Directory, "searches", id, "journal.jsonl"));
    }
}
