using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.Tests.Scoring;

public sealed class LogitsTests
{
    [Fact]
    public void Softmax_LargeLogits_DoNotOverflow()
    {
        var probabilities = new double[3];

        Logits.Softmax([1000, 1000, -1000], probabilities);

        Assert.Equal([0.5, 0.5, 0], probabilities);
    }

    [Fact]
    public void Softmax_SmallLogits_AreTheShareOfTheirExponentials()
    {
        var probabilities = new double[2];

        Logits.Softmax([0, 1], probabilities);

        Assert.Equal(Math.E / (1 + Math.E), probabilities[1], 1e-15);
        Assert.Equal(1, probabilities.Sum(), 1e-15);
    }

    [Fact]
    public void Softmax_LogitThatIsNotFinite_IsNoProbability()
    {
        var probabilities = new double[2];

        Logits.Softmax([0, float.NaN], probabilities);

        Assert.All(probabilities, probability => Assert.True(double.IsNaN(probability)));
    }
}
