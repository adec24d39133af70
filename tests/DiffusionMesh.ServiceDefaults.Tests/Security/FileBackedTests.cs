using System.Text;
using DiffusionMesh.Transport;

namespace DiffusionMesh.ServiceDefaults.Tests.Security;

public sealed class FileBackedTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-file-");
    private readonly Clock _clock = new();
    private readonly List<string> _problems = [];

    private string Path => System.IO.Path.Combine(_folder.FullName, "word");

    [Fact]
    public void Current_FileChanged_FollowsAfterASecond()
    {
        var word = Open("one");
        File.WriteAllText(Path, "two");

        Assert.Equal("one", word.Current);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("two", word.Current);
    }

    [Fact]
    public void Current_FileUnusable_StaysAndIsReportedOnce()
    {
        var word = Open("one");
        File.WriteAllText(Path, "");
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("one", word.Current);
        }

        Assert.Contains(Path, Assert.Single(_problems), StringComparison.Ordinal);
        File.WriteAllText(Path, "three");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("three", word.Current);
    }

    [Fact]
    public void Current_FileGone_Stays()
    {
        var word = Open("one");
        File.Delete(Path);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("one", word.Current);
        Assert.Single(_problems);
    }

    [Fact]
    public void Open_FileMissing_NamesIt() =>
        Assert.Contains("word", Assert.ThrowsAny<IOException>(() => new FileBacked<string>([Path], Read)).Message, StringComparison.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);

    private FileBacked<string> Open(string content)
    {
        File.WriteAllText(Path, content);
        return new([Path], Read, _problems.Add, _clock);
    }

    private static string Read(IReadOnlyList<byte[]> files) =>
        files[0].Length > 0 ? Encoding.UTF8.GetString(files[0]) : throw new FormatException("is empty");

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}
