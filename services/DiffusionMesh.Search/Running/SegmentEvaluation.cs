using DiffusionMesh.Search.Accounting;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>
/// Samples segments and has each scored as soon as it is sampled. What the journal holds is taken from there; what is
/// paid goes to the journal before it is used.
/// </summary>
internal sealed class SegmentEvaluation
{
    private readonly SearchSpec _spec;
    private readonly SearchEnvironment _environment;
    private readonly LedgerBook _ledger;
    private readonly Action<EvaluationItem> _sampled;
    private readonly Action<EvaluationItem> _finished;
    private readonly ScoringLane[] _lanes;
    private readonly JournaledScores _scores;
    private readonly Lock _gate = new();

    /// <param name="sampled">Is told of each item that was sampled, one at a time.</param>
    /// <param name="finished">Is told of each item that every verifier answered, one at a time.</param>
    public SegmentEvaluation(
        SearchSpec spec,
        SearchEnvironment environment,
        LedgerBook ledger,
        Action<EvaluationItem> sampled,
        Action<EvaluationItem> finished)
    {
        (_spec, _environment, _ledger) = (spec, environment, ledger);
        (_sampled, _finished) = (sampled, finished);
        _scores = new JournaledScores(spec, environment.Journal);
        _lanes = [.. environment.Verifiers.Select(verifier => new ScoringLane(verifier, spec.Condition))];
    }

    /// <param name="round">Where the journal keeps whether this was interrupted.</param>
    /// <param name="abort">Gives up scoring as well.</param>
    public async Task<EvaluationEnd> RunAsync(int round, IReadOnlyList<EvaluationItem> items, CancellationToken abort)
    {
        var entry = await _environment.Journal.FindRoundAsync(round).ConfigureAwait(false);
        if (entry is null)
        {
            // Before anything is sent: whoever finds no such entry knows that nothing was.
            await _environment.Journal.RecordRoundAsync(round, RoundEntry.Began).ConfigureAwait(false);
        }

        using var broken = CancellationTokenSource.CreateLinkedTokenSource(abort);
        var scoring = Task.WhenAll(_lanes.Select((lane, verifier) =>
            lane.RunAsync((batch, scored) => RecordScoresAsync(batch, verifier, scored), broken.Token)));
        var replaysInterruption = entry is { Interrupted: true };
        var interrupted = replaysInterruption;
        string? failure = null;
        try
        {
            var open = await RecallAsync(items, onlyPaid: replaysInterruption).ConfigureAwait(false);
            if (open.Count > 0)
            {
                failure = await SampleAsync(open, onlyPaid: replaysInterruption).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_environment.Stop.Cancelled.IsCancellationRequested)
        {
            interrupted = true;
        }
        catch (CallFailedException exception)
        {
            failure = exception.Message;
        }
        catch
        {
            // Once this has returned nothing is written: the end of the search may be next.
            await broken.CancelAsync().ConfigureAwait(false);
            await scoring.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        Array.ForEach(_lanes, lane => lane.Complete());
        try
        {
            await scoring.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            interrupted = true;
        }

        if (interrupted)
        {
            await _environment.Journal.RecordRoundAsync(round, RoundEntry.Began with { Interrupted = true }).ConfigureAwait(false);
        }

        return new EvaluationEnd(interrupted, failure);
    }

    // Of an interrupted round only what was paid before is done: here, or by the run that this one repeats.
    private async Task<List<EvaluationItem>> RecallAsync(IReadOnlyList<EvaluationItem> items, bool onlyPaid)
    {
        var open = new List<EvaluationItem>();
        foreach (var item in items)
        {
            if (await _environment.Journal.FindSegmentAsync(item.Key).ConfigureAwait(false) is { } sampled)
            {
                Pay(item, sampled, recalled: true);
                await AdvanceAsync(item, sampled, onlyPaid).ConfigureAwait(false);
            }
            else if (!onlyPaid || _environment.Journal.IsRepeated(item.Key))
            {
                open.Add(item);
            }
        }

        return open;
    }

    // Returns why it could not go on; null if all were sampled.
    private async Task<string?> SampleAsync(List<EvaluationItem> open, bool onlyPaid)
    {
        var left = open.Count;
        string? failure = null;
        using var events = new RecordedEvents(
            _environment.Sampler, open.ConvertAll(item => item.Segment), RecordAsync, _environment.Stop.Cancelled);
        await foreach (var samplingEvent in events.ReadAsync().ConfigureAwait(false))
        {
            switch (samplingEvent)
            {
                case SamplingEvent.Sampled(var index, var sampled):
                    var item = open[index];
                    Pay(item, sampled, recalled: false);
                    await AdvanceAsync(item, sampled, onlyPaid).ConfigureAwait(false);
                    left--;
                    var cost = _environment.Sampler.Cost(item.Segment);
                    if (sampled.Nfe != cost)
                    {
                        failure ??= $"the denoiser reports {sampled.Nfe} NFE for a segment that costs {cost}";
                    }

                    break;

                case SamplingEvent.Wasted(var nfe):
                    if (AddWaste(nfe) is var wasted && wasted > _environment.MaxWastedNfe)
                    {
                        failure ??= $"{wasted} NFE were lost with failed calls, more than the {_environment.MaxWastedNfe} allowed";
                        events.Stop();
                    }

                    break;
            }
        }

        return failure ?? (left == 0 ? null : $"the denoiser left {left} of {open.Count} segments unanswered");

        Task RecordAsync(SamplingEvent samplingEvent) => samplingEvent switch
        {
            SamplingEvent.Sampled(var index, var sampled) => _environment.Journal.RecordSegmentAsync(open[index].Key, sampled).AsTask(),
            SamplingEvent.OtherComputeClass(var computeClass) => _environment.Journal.RecordOtherComputeClassAsync(computeClass).AsTask(),
            SamplingEvent.Wasted(var nfe) => _environment.Journal.RecordWasteAsync(nfe).AsTask(),
            _ => Task.CompletedTask,
        };
    }

    private void Pay(EvaluationItem item, SampledSegment sampled, bool recalled)
    {
        if (item.IsFirst)
        {
            lock (_gate)
            {
                _environment.Observer.SegmentPaid(item.Segment, sampled, recalled);
            }
        }
    }

    private async Task AdvanceAsync(EvaluationItem item, SampledSegment sampled, bool onlyPaid)
    {
        lock (_gate)
        {
            item.Sampled = sampled with { Candidate = item.Segment.Candidate };
            _sampled(item);
        }

        for (var verifier = 0; verifier < _lanes.Length; verifier++)
        {
            if (await _scores.FindAsync(item, verifier).ConfigureAwait(false) is { } outcome)
            {
                Answer(item, verifier, outcome);
            }
            else if (!onlyPaid || _scores.IsRepeated(item, verifier))
            {
                _lanes[verifier].Post(item);
            }
        }
    }

    // The entries of a batch wait for the journal together; they are used in the order of the batch.
    private async Task RecordScoresAsync(IReadOnlyList<EvaluationItem> batch, int verifier, ScoredBatch scored)
    {
        await _scores.RecordAsync(batch, verifier, scored).ConfigureAwait(false);
        for (var i = 0; i < batch.Count; i++)
        {
            Answer(batch[i], verifier, scored.Outcomes[i]);
        }
    }

    private void Answer(EvaluationItem item, int verifier, ScoreOutcome outcome)
    {
        lock (_gate)
        {
            item.Answer(verifier, outcome);
            if (item.IsFirst)
            {
                _ledger.AddVerifierCall(_spec.Verifiers[verifier].Name);
            }

            if (item.IsComplete)
            {
                _finished(item);
            }
        }
    }

    private long AddWaste(long nfe)
    {
        lock (_gate)
        {
            _ledger.AddWaste(nfe);
            _environment.Observer.NfeWasted(nfe);
            return _ledger.NfeWasted;
        }
    }
}

/// <summary>How an evaluation ended.</summary>
/// <param name="Interrupted">It was cancelled; some items may lack an image or scores.</param>
/// <param name="Failure">Why it could not go on; null if it could.</param>
internal readonly record struct EvaluationEnd(bool Interrupted, string? Failure);
