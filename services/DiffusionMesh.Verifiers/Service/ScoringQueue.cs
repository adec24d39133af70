using System.Diagnostics;
using DiffusionMesh.Contracts;

namespace DiffusionMesh.Verifiers.Service;

/// <summary>Bounds what all calls together have unfinished; who does not fit is told when to come back.</summary>
internal sealed class ScoringQueue(VerifierOptions limits)
{
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    // How much one more call changes the rate that is remembered.
    private const double Weight = 0.2;

    private readonly Lock _lock = new();
    private int _unfinished;
    private double _secondsPerCandidate;

    /// <summary>Takes a place for each candidate of a call; dispose of it to give them back.</summary>
    /// <exception cref="Grpc.Core.RpcException">RESOURCE_EXHAUSTED with RetryInfo: too many are unfinished.</exception>
    public IDisposable Enter(int candidates)
    {
        lock (_lock)
        {
            if (_unfinished + candidates > limits.MaxQueuedCandidates)
            {
                throw RpcErrors.ResourceExhausted(
                    $"{_unfinished} candidates are waiting and {candidates} more would exceed {limits.MaxQueuedCandidates}; try again later",
                    RetryDelay(candidates));
            }

            _unfinished += candidates;
            return new Place(this, candidates, _unfinished);
        }
    }

    // When so many will be free, going by what calls took lately.
    private TimeSpan RetryDelay(int candidates)
    {
        var excess = _unfinished + candidates - limits.MaxQueuedCandidates;
        var seconds = Math.Min(excess * _secondsPerCandidate, LongestRetry.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(seconds, ShortestRetry.TotalSeconds));
    }

    // What was ahead when a call came, its own candidates included, was done when it left.
    private void Leave(int candidates, int ahead, TimeSpan elapsed)
    {
        lock (_lock)
        {
            _unfinished -= candidates;
            _secondsPerCandidate += Weight * ((elapsed.TotalSeconds / ahead) - _secondsPerCandidate);
        }
    }

    private sealed class Place(ScoringQueue queue, int candidates, int ahead) : IDisposable
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public void Dispose() => queue.Leave(candidates, ahead, Stopwatch.GetElapsedTime(_start));
    }
}
