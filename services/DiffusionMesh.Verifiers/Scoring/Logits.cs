namespace DiffusionMesh.Verifiers.Scoring;

/// <summary>What becomes of the logits of a classifier.</summary>
internal static class Logits
{
    /// <summary>exp(l_i) / Σ exp(l_j).</summary>
    /// <param name="logits">[K].</param>
    /// <param name="probabilities">[K]; NaN if a logit is not finite.</param>
    public static void Softmax(ReadOnlySpan<float> logits, Span<double> probabilities)
    {
        var largest = double.NegativeInfinity;
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            sum += probabilities[i] = Math.Exp(logits[i] - largest);
        }

        for (var i = 0; i < logits.Length; i++)
        {
            probabilities[i] /= sum;
        }
    }
}
