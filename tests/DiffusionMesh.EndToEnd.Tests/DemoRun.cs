namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>One run of <c>dmesh demo</c>, for the tests of a class.</summary>
public sealed class DemoRun : IAsyncLifetime
{
    internal Ended Ended { get; private set; } = null!;

    /// <summary>The folder it was started in.</summary>
    public string Start { get; } = Directory.CreateTempSubdirectory("dmesh-e2e-").FullName;

    /// <summary>The folder it has written.</summary>
    public string Run => Directory.GetDirectories(Path.Combine(Start, "runs")).Single();

    public async Task InitializeAsync() => Ended = await Dmesh.RunAsync(Start, "demo");

    public Task DisposeAsync()
    {
        Directory.Delete(Start, recursive: true);
        return Task.CompletedTask;
    }
}
