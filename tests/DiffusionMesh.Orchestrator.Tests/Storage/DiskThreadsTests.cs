using System.Collections.Concurrent;
using DiffusionMesh.Orchestrator.Storage.RunDirectory;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

public sealed class DiskThreadsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void ForEach_Items_DoesEachOnce(int count)
    {
        var done = new ConcurrentBag<int>();

        DiskThreads.ForEach([.. Enumerable.Range(0, count)], done.Add);

        Assert.Equal(Enumerable.Range(0, count), done.Order());
    }

    [Fact]
    public void ForEach_OneFails_DoesTheOthersAndThrowsWhatItThrew()
    {
        var done = new ConcurrentBag<int>();

        var error = Assert.Throws<IOException>(() => DiskThreads.ForEach([.. Enumerable.Range(0, 100)], i =>
        {
            done.Add(i);
            if (i == 3)
            {
                throw new IOException("full");
            }
        }));

        Assert.Equal("full", error.Message);
        Assert.Equal(100, done.Count);
    }

    [Fact]
    public async Task ForEach_AllThreadsAreBusy_GoesOnByItself()
    {
        using var release = new ManualResetEventSlim();
        using var begun = new CountdownEvent(8);
        var busy = Task.Factory.StartNew(
            () => DiskThreads.ForEach([.. Enumerable.Range(0, 8)], _ =>
            {
                begun.Signal();
                release.Wait();
            }),
            TaskCreationOptions.LongRunning);
        begun.Wait();
        var done = 0;

        DiskThreads.ForEach([1, 2, 3], _ => done++);

        Assert.Equal(3, done);
        release.Set();
        await busy;
    }
}
