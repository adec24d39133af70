using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Tests.Ports;

/// <summary>
/// A denoiser in memory, exact for independent pixels of standard deviation 0.5: Euler over the linear flow. It answers
/// in an order of its own, counts what it is asked for, and can lose NFE or break off.
/// </summary>
internal sealed class NoiseSampler : ISegmentSampler
{
    private const int Size = 4;

    private readonly List<Segment> _sampled = [];

    /// <summary>Seed of the order in which answers come; null keeps that of the request.</summary>
    public int? Shuffle { get; init; }

    /// <summary>Is called with the number of segments that it is asked for.</summary>
    public Action<int> BeforeRequest { get; init; } = _ => { };

    /// <summary>Is called with the number of segments answered so far, before each answer.</summary>
    public Action<int> BeforeAnswer { get; init; } = _ => { };

    /// <summary>NFE reported as lost before the first answer of each request.</summary>
    public long Waste { get; init; }

    /// <summary>Whether it charges as Heun's method does: two evaluations a step, but one for a step to data.</summary>
    public bool Heun { get; init; }

    /// <summary>What it adds to the NFE that it ought to report.</summary>
    public long Overcharge { get; init; }

    /// <summary>Everything it answered, in the order of the answers.</summary>
    public IReadOnlyList<Segment> Sampled => _sampled;

    public static SampledSegment Sample(Segment segment)
    {
        var x = Start(segment);
        var (t, step) = (segment.FromLevel, (segment.FromLevel - segment.ToLevel) / segment.Steps);
        var prediction = x;
        for (var i = 0; i < segment.Steps; i++)
        {
            prediction = Array.ConvertAll(x, value => Predict(value, t));
            for (var p = 0; p < x.Length; p++)
            {
                x[p] -= (float)(step * (x[p] - prediction[p]) / t);
            }

            t -= step;
        }

        var nfe = segment.Steps;
        var finished = segment.ToLevel == 0;
        return new SampledSegment(Image(finished ? x : prediction), nfe, 2 * nfe, 1)
        {
            State = finished ? null : new LatentState(MemoryMarshal.AsBytes(x.AsSpan()).ToArray(), 1, Size, Size),
            XPredictions = [.. segment.XPredictionLevels.Select(level => new XPrediction(level, level, Image(prediction)))],
        };
    }

    public long Cost(Segment segment) => !Heun ? segment.Steps : (2 * segment.Steps) - (segment.ToLevel == 0 ? 1 : 0);

    public async IAsyncEnumerable<SamplingEvent> SampleAsync(
        IReadOnlyList<Segment> segments,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BeforeRequest(segments.Count);
        var order = Enumerable.Range(0, segments.Count).ToArray();
        if (Shuffle is { } seed)
        {
            new Random(seed).Shuffle(order);
        }

        if (Waste > 0)
        {
            yield return new SamplingEvent.Wasted(Waste);
        }

        foreach (var index in order)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            BeforeAnswer(_sampled.Count);
            cancellationToken.ThrowIfCancellationRequested();
            var segment = segments[index];
            _sampled.Add(segment);
            var sampled = Sample(segment);
            var nfe = Cost(segment) + Overcharge;
            yield return new SamplingEvent.Sampled(index, sampled with { Nfe = nfe, NetworkRows = 2 * nfe });
        }
    }

    private static float[] Start(Segment segment)
    {
        var x = new float[Size * Size];
        switch (segment.Origin)
        {
            case SegmentOrigin.Noise(var noise):
                noise.Fill(x);
                break;

            case SegmentOrigin.State(_, var state, var level, var draw):
                MemoryMarshal.Cast<byte, float>(state.Data.Span).CopyTo(x);
                if (draw is not null)
                {
                    Renoise(x, level, segment.FromLevel, draw);
                }

                break;
        }

        return x;
    }

    private static void Renoise(float[] x, double b, double f, NoiseExpression draw)
    {
        var noise = new float[x.Length];
        draw.Fill(noise);
        var keep = (1 - f) / (1 - b);
        var add = Math.Sqrt((f * f) - (keep * keep * b * b));
        for (var p = 0; p < x.Length; p++)
        {
            x[p] = (float)((keep * x[p]) + (add * noise[p]));
        }
    }

    // The mean of the clean pixel given x = (1 - t) x0 + t e.
    private static float Predict(float x, double t)
    {
        const double Variance = 0.25;
        var alpha = 1 - t;
        return (float)(alpha * Variance / ((alpha * alpha * Variance) + (t * t)) * x);
    }

    private static SampleImage Image(float[] x) =>
        new(Array.ConvertAll(x, value => (byte)Math.Clamp((value * 80) + 128, 0, 255)), Size, Size, 1);
}
