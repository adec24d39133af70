using DiffusionMesh.Cluster.Tests.Cluster;

namespace DiffusionMesh.Cluster.Tests.Soak;

/// <summary>Does one thing after the other to pods, drawn from a seed, and undoes each.</summary>
/// <param name="pods">Those that it befalls.</param>
/// <param name="spared">Those that are never killed.</param>
internal sealed class Trouble(IReadOnlyList<Pod> pods, IReadOnlyCollection<string> spared, int seed)
{
    private readonly Random _draw = new(seed);
    private readonly Dictionary<string, int> _done = new(StringComparer.Ordinal);

    /// <summary>How often each kind of thing was done.</summary>
    public IReadOnlyDictionary<string, int> Done => _done;

    public async Task MakeAsync(CancellationToken until)
    {
        while (!until.IsCancellationRequested)
        {
            var pod = pods[_draw.Next(pods.Count)];
            var time = TimeSpan.FromMilliseconds(_draw.Next(500, 8_000));
            switch (_draw.Next(4))
            {
                case 0 when !spared.Contains(pod.Name):
                    Count("killed and started again", pod);
                    await pod.KillAsync();
                    await Task.Delay(time / 4, CancellationToken.None);
                    await pod.StartAsync();
                    break;

                case 0 or 1:
                    Count("paused", pod);
                    await pod.PauseAsync();
                    await Task.Delay(time, CancellationToken.None);
                    await pod.GoAsync();
                    break;

                case 2:
                    Count("robbed of packets", pod);
                    await pod.DropAsync(_draw.Next(4) == 0 ? 100 : _draw.Next(5, 40));
                    await Task.Delay(time, CancellationToken.None);
                    await pod.HealAsync();
                    break;

                default:
                    Count("delayed", pod);
                    await pod.DelayAsync(_draw.Next(10, 200));
                    await Task.Delay(time, CancellationToken.None);
                    await pod.HealAsync();
                    break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(_draw.Next(500, 4_000)), until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Count(string kind, Pod pod)
    {
        _done[kind] = _done.GetValueOrDefault(kind) + 1;
        Reliability.Note($"{pod.Name} {kind}");
    }
}
