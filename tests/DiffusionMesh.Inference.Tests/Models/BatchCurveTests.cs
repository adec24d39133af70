using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Inference.Tests.Models;

public sealed class BatchCurveTests
{
    private static readonly BatchCurve PaysOff = Curve(32, (1, 1.7), (2, 2.9), (4, 5.3), (8, 8), (16, 14.8), (32, 27.8));
    private static readonly BatchCurve NeverPays = Curve(8, (1, 1), (2, 2.5), (4, 6), (8, 14));

    [Theory]
    [InlineData(1, 1.7)]
    [InlineData(3, 4.1)]
    [InlineData(8, 8)]
    [InlineData(20, 18.05)]
    [InlineData(32, 27.8)]
    public void SecondsPerTick_BetweenPoints_IsInterpolated(int rows, double seconds)
    {
        Assert.Equal(seconds, PaysOff.SecondsPerTick(rows)!.Value, 12);
    }

    [Fact]
    public void SecondsPerTick_BeyondTheLastPoint_KeepsItsTimePerRow()
    {
        Assert.Equal(6, Curve(12, (1, 1), (4, 2)).SecondsPerTick(12)!.Value, 12);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(31, 31)]
    [InlineData(32, 32)]
    [InlineData(33, 32)]
    [InlineData(1_000_000, 32)]
    public void BestRows_BatchesPay_TakesAsManyAsPossible(int waiting, int rows) => Assert.Equal(rows, PaysOff.BestRows(waiting));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void BestRows_BatchesNeverPay_TakesOne(int waiting) => Assert.Equal(1, NeverPays.BestRows(waiting));

    // A cliff behind 16 rows: 20 are sooner through as 16 and 4, 24 as 16 and 8; 33 as 16, 16 and 1.
    [Theory]
    [InlineData(16, 16)]
    [InlineData(20, 16)]
    [InlineData(24, 16)]
    [InlineData(33, 16)]
    [InlineData(500, 16)]
    public void BestRows_CostJumps_StaysBelowTheJump(int waiting, int rows) =>
        Assert.Equal(rows, Curve(32, (1, 1), (8, 2), (16, 3), (32, 12)).BestRows(waiting));

    [Theory]
    [InlineData(33)]
    [InlineData(40)]
    [InlineData(63)]
    public void BestRows_AnyCurve_LeadsToTheShortestPlan(int waiting)
    {
        var random = new Random(waiting);
        for (var i = 0; i < 20; i++)
        {
            var seconds = 0.0;
            var curve = Curve(32, [.. new[] { 1, 2, 4, 8, 16, 32 }.Select(rows => (rows, seconds += random.NextDouble()))]);

            var total = 0.0;
            for (var left = waiting; left > 0;)
            {
                var rows = curve.BestRows(left);
                total += curve.SecondsPerTick(rows)!.Value;
                left -= rows;
            }

            Assert.Equal(Shortest(curve, waiting), total, 9);
        }
    }

    [Fact]
    public void BestRows_NothingMeasured_TakesWhatFits()
    {
        var curve = Curve(32);

        Assert.Equal(5, curve.BestRows(5));
        Assert.Equal(32, curve.BestRows(33));
        Assert.Null(curve.SecondsPerTick(5));
    }

    [Fact]
    public void Measure_Evaluations_CoversEverySizeInOrder()
    {
        var evaluated = new HashSet<int>();

        var curve = BatchCurveMeasurement.Measure(rows => evaluated.Add(rows), 24);

        Assert.Equal([1, 2, 4, 8, 16, 24], curve.Points.Select(point => point.Rows));
        Assert.Equal([1, 2, 4, 8, 16, 24], evaluated.Order());
        Assert.Equal(24, curve.MaxRows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(32)]
    public void Sizes_MaxRows_AreDoublesUpToIt(int maxRows)
    {
        var sizes = BatchCurveMeasurement.Sizes(maxRows);

        Assert.Equal(sizes.Order().Distinct(), sizes);
        Assert.Equal(1, sizes[0]);
        Assert.Equal(maxRows, sizes[^1]);
    }

    [Fact]
    public void Curve_PointsOutOfOrder_AreRefused() => Assert.ThrowsAny<ArgumentException>(() => Curve(8, (4, 1), (2, 1)));

    // All partitions, each size tried.
    private static double Shortest(BatchCurve curve, int waiting)
    {
        var total = new double[waiting + 1];
        for (var rows = 1; rows <= waiting; rows++)
        {
            total[rows] = Enumerable.Range(1, Math.Min(rows, curve.MaxRows)).Min(size => total[rows - size] + curve.SecondsPerTick(size)!.Value);
        }

        return total[waiting];
    }

    private static BatchCurve Curve(int maxRows, params (int Rows, double Seconds)[] points) =>
        new([.. points.Select(point => new BatchPoint(point.Rows, point.Seconds))], maxRows);
}
