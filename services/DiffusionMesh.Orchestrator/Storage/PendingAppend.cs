using System.Diagnostics;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Telemetry;
using DiffusionMesh.Search;

namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>An entry on its way to a journal, with what it names.</summary>
internal sealed record PendingAppend(JournalEntry Entry, IReadOnlyList<SampleImage> Images, IReadOnlyList<LatentState> Latents)
{
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly long _began = Stopwatch.GetTimestamp();

    public Task Written => _written.Task;

    public bool EndsSearch => Entry is { Event.EventCase: WatchSearchResponse.EventOneofCase.SearchFinished };

    /// <summary>Bytes of its images and latents.</summary>
    public long BlobBytes { get; } = Images.Sum(image => (long)image.Pixels.Length) + Latents.Sum(latent => (long)latent.Data.Length);

    public void Succeeded()
    {
        JournalMetrics.Appended(_began);
        _written.SetResult();
    }

    public void Failed(Exception why) => _written.SetException(why);
}
