namespace DiffusionMesh.Metrics.Tests;

public sealed class InceptionScoreTests
{
    // Fixtures/sets_golden.py, Python 3.11.2, numpy 1.24.2.
    [Theory]
    [InlineData(10, 4, 1, 1.6467988946612055)]
    [InlineData(97, 10, 10, 1.76256810475255)]
    [InlineData(100, 10, 10, 1.7794449373754442)]
    public void Of_Probabilities_IsWhatNumpyGives(int count, int classes, int splits, double expected) =>
        Assert.Equal(expected, InceptionScore.Of(Probabilities(count, classes), classes, splits), 1e-6);

    [Fact]
    public void Of_CertainSamplesOfEveryClass_IsTheNumberOfClasses()
    {
        var certain = new float[5 * 5];
        for (var i = 0; i < 5; i++)
        {
            certain[i * 6] = 1;
        }

        Assert.Equal(5, InceptionScore.Of(certain, 5, splits: 1), 1e-12);
    }

    [Theory]
    [InlineData(1f, 0f)]
    [InlineData(0.5f, 0.5f)]
    public void Of_SamplesThatAreAllAlike_IsOne(float first, float second) =>
        Assert.Equal(1, InceptionScore.Of([first, second, first, second, first, second], 2), 1e-12);

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Of_NoWholeRows_IsRefused(int length) =>
        Assert.Throws<ArgumentException>(() => InceptionScore.Of(new float[length], 5));

    private static float[] Probabilities(int count, int classes)
    {
        var logits = Array.ConvertAll(Features.Of(count, classes, 3), value => 2 * (double)value);
        var probabilities = new float[logits.Length];
        for (var row = 0; row < count; row++)
        {
            var sum = logits.AsSpan(row * classes, classes).ToArray().Sum(Math.Exp);
            for (var i = row * classes; i < (row + 1) * classes; i++)
            {
                probabilities[i] = (float)(Math.Exp(logits[i]) / sum);
            }
        }

        return probabilities;
    }
}
