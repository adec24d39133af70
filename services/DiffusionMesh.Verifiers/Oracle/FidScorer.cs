using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Metrics;
using DiffusionMesh.Verifiers.Networks;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.Oracle;

/// <summary>
/// The oracle that knows the metric (Ma et al., arXiv 2501.09732): the distance to real images of the set kept so far with the
/// candidate added; lower is better. The set travels as the call's state, in the layout of
/// <see cref="FeatureStatisticsFormat"/>; an empty state is the stored set of unsearched samples.
/// </summary>
public sealed class FidScorer : IScorer, IDisposable
{
    // A distance has no upper end; this one is far beyond what images make.
    private const double Largest = 1e6;

    private readonly OracleModel _model;
    private readonly FeatureStatistics _base;
    private readonly Fid _fid;
    private readonly Fid.GrowingSet _growingBase;
    private readonly int _threads;
    private readonly SemaphoreSlim _turn = new(1);

    /// <param name="model">The classifier; the caller disposes of it.</param>
    /// <param name="options">How many threads to use.</param>
    public FidScorer(OracleModel model, VerifierOptions options)
    {
        (_model, _base, _threads) = (model, model.References.Base, options.Onnx.EffectiveThreads);
        _fid = new Fid(model.References.Statistics);
        _growingBase = _fid.Growing(_base);
        Description = new ScorerDescription
        {
            Name = "oracle-fid",
            Version = model.Manifest.Version,
            WeightsDigest = WeightsDigest.Of(model.Digest, OracleOptions.Fid),
            Minimum = 0,
            Maximum = Largest,
            HigherIsBetter = false,
            Conditions = ScorerDescription.AnyCondition,
            Images = [RequiredImage.Final],
            NeedsState = true,
            InputShape = model.Manifest.Preprocessing.Shape(),
            ComputeClass = model.ComputeClass,
            Description = FormattableString.Invariant(
                $"FID ({model.Manifest.Name}) of the set kept so far, which starts with {_base.Count} unsearched samples, with the candidate added; lower is better, the condition is ignored."),
            License = model.Manifest.License,
        };
    }

    public ScorerDescription Description { get; }

    public void ValidateCondition(Condition? condition, string field, FieldViolations violations)
    {
    }

    public void ValidateState(ReadOnlySpan<byte> state, string field, FieldViolations violations)
    {
        try
        {
            var dimension = FeatureStatisticsFormat.Read(state).Dimension;
            violations.Require(
                dimension == _model.Dimension,
                field,
                $"is of {dimension} features; {_model.Manifest.Name} has {_model.Dimension}. Send what an earlier answer returned, or nothing");
        }
        catch (FormatException e)
        {
            violations.Add(field, $"{e.Message}. Send what an earlier answer returned, or nothing");
        }
    }

    public async Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(ScoringTask task, CancellationToken cancellationToken)
    {
        var (features, _) = await _model.EvaluateAsync(task.Images(0), cancellationToken);

        // Every core is busy with one call already.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var set = task.State.IsEmpty ? _base : FeatureStatisticsFormat.Read(task.State.Span);
            var growing = task.State.IsEmpty ? _growingBase : _fid.Growing(set);
            var outcomes = new ScoreOutcome[task.Candidates.Length];
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, outcomes.Length, parallel, (i, _) =>
            {
                var feature = features.AsSpan(i * _model.Dimension, _model.Dimension);
                outcomes[i] = new ScoreOutcome.Value(
                    Math.Max(growing.DistanceWith(feature), 0),
                    task.ReturnState ? FeatureStatisticsFormat.Write(set.With(feature)) : default);
                return ValueTask.CompletedTask;
            });
            return outcomes;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
