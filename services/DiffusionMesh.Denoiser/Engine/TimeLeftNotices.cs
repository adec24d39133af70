using System.Diagnostics;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>Tells the calls that asked for it once a second how much time is left. For the engine's thread alone.</summary>
internal sealed class TimeLeftNotices(Forecast forecast)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<SampleCall> _calls = [];
    private long _last;

    public void Add(SampleCall call)
    {
        if (_calls.Count == 0)
        {
            _last = Stopwatch.GetTimestamp();
        }

        _calls.Add(call);
    }

    /// <summary>Sends notices where they are due.</summary>
    public void Send()
    {
        if (_calls.Count == 0 || Stopwatch.GetElapsedTime(_last) < Interval)
        {
            return;
        }

        _last = Stopwatch.GetTimestamp();
        _calls.RemoveAll(static call => call.Unfinished == 0);
        foreach (var call in _calls)
        {
            call.Notify(forecast.TimeLeft(call));
        }
    }
}
