using System.Runtime.InteropServices;

namespace DiffusionMesh.Inference.Models;

/// <summary>Finds out whether a row's bits depend on the rows beside it, by evaluating one row among others and comparing.</summary>
/// <param name="evaluate">Evaluates so many rows, unlike each other, with the probed one at the positions given, and returns the bits that came of it at each.</param>
/// <param name="maxRows">Most rows in one evaluation.</param>
internal sealed class DeterminismProbe(DeterminismProbe.Evaluation evaluate, int maxRows)
{
    private static readonly int[] SmallSizes = [2, 7];

    /// <param name="rows">Rows of the evaluation.</param>
    /// <param name="positions">Where the probed row is.</param>
    /// <param name="neighbours">Which rows are at the other positions; another number, other rows.</param>
    /// <returns>The predictions at the positions.</returns>
    internal delegate float[][] Evaluation(int rows, int[] positions, int neighbours);

    /// <param name="mayPad">Whether a fixed number of rows is an answer.</param>
    public Determinism Measure(bool mayPad)
    {
        var alone = evaluate(1, [0], 0)[0];
        if (SmallSizes.Where(size => size < maxRows).All(size => Positions(size).All(position => Same(alone, evaluate(size, [position], size))))
            && Same(alone, evaluate(maxRows, Positions(maxRows), maxRows)))
        {
            return Determinism.Exact;
        }

        return mayPad && IsSameAtFixedRows() ? Determinism.Padded : Determinism.None;
    }

    private bool IsSameAtFixedRows()
    {
        var amongItself = evaluate(maxRows, [.. Enumerable.Range(0, maxRows)], 0);
        return Same(amongItself[0], amongItself)
            && Positions(maxRows).All(position => Same(amongItself[0], evaluate(maxRows, [position], position)));
    }

    private static int[] Positions(int rows) => [.. new[] { 0, rows / 2, rows - 1 }.Distinct()];

    private static bool Same(float[] expected, float[][] found) =>
        found.All(row => MemoryMarshal.AsBytes<float>(row).SequenceEqual(MemoryMarshal.AsBytes<float>(expected)));
}
