using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Experiments.Storage;

namespace DiffusionMesh.Cli.Tests.Experiments;

public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_AfterRunsWereAdded_FindsThemWithTheirPixels()
    {
        Fill(3);

        using var store = RunStore.Open(_folder.Path);

        Assert.Equal(3, store.Count);
        var run = store.Find("run-2")!;
        Assert.Equal([0, 10, 20], run.Candidates.Select(candidate => store.Pixels(run, candidate)!.Single()));
        Assert.Equal(1.5, run.Candidates[1].Scores["bright"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(300)]
    public void Open_AfterATornLine_CutsItAndGoesOn(int torn)
    {
        Fill(3);
        using (var runs = File.Open(_folder[RunStore.RunsFile], FileMode.Open))
        {
            runs.SetLength(runs.Length - torn);
        }

        Fill(3);

        using var store = RunStore.Open(_folder.Path);
        Assert.Equal(3, store.Count);
        Assert.Equal(3, File.ReadAllLines(_folder[RunStore.RunsFile]).Length);
        Assert.Equal(9, new FileInfo(_folder[RunStore.ImagesFile]).Length);
        Assert.Equal([0, 10, 20], store.Find("run-2")!.Candidates.Select(candidate => store.Pixels(store.Find("run-2")!, candidate)!.Single()));
    }

    [Fact]
    public void Open_AfterPixelsWithoutTheirLine_CutsThem()
    {
        Fill(2);
        File.AppendAllBytes(_folder[RunStore.ImagesFile], [1, 2, 3, 4]);

        using var store = RunStore.Open(_folder.Path);

        Assert.Equal(2, store.Count);
        Assert.Equal(6, new FileInfo(_folder[RunStore.ImagesFile]).Length);
    }

    [Fact]
    public void Open_WhenPixelsOfEarlierRunsAreMissing_RefusesAndChangesNothing()
    {
        Fill(3);
        using (var images = File.Open(_folder[RunStore.ImagesFile], FileMode.Open))
        {
            images.SetLength(4);
        }

        AssertRefused("line 2 of runs.jsonl");
    }

    [Fact]
    public void Open_WhenALineAmongOthersIsDamaged_RefusesAndChangesNothing()
    {
        Fill(3);
        var lines = File.ReadAllLines(_folder[RunStore.RunsFile]);
        lines[0] = "x" + lines[0];
        File.WriteAllLines(_folder[RunStore.RunsFile], lines);

        AssertRefused("line 1 of runs.jsonl");
    }

    [Fact]
    public void Open_WhileAnotherHasIt_SaysSo()
    {
        using var store = RunStore.Open(_folder.Path);

        var failure = Assert.Throws<CommandFailure>(() => RunStore.Open(_folder.Path));

        Assert.Contains("Is another 'dmesh experiment' running there?", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_OfARunThatIsThere_ChangesNothing()
    {
        Fill(2);
        Fill(2);

        Assert.Equal(2, File.ReadAllLines(_folder[RunStore.RunsFile]).Length);
    }

    private void AssertRefused(string what)
    {
        var before = File.ReadAllText(_folder[RunStore.RunsFile]);

        var failure = Assert.Throws<CommandFailure>(() => RunStore.Open(_folder.Path));

        Assert.Contains(what, failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_folder[RunStore.RunsFile]));
    }

    private void Fill(int runs)
    {
        var plan = SampleExperiment.Plan(SampleExperiment.Text);
        using var store = RunStore.Open(_folder.Path);
        for (var index = 0; index < runs; index++)
        {
            var (run, images) = SampleExperiment.Run(plan.Runs[0], (0.5, 1), (1.5, 2), (2.5, 3));
            store.Add(run with { Key = $"run-{index}" }, images);
        }
    }
}
