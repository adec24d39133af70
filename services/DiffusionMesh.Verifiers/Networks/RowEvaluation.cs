namespace DiffusionMesh.Verifiers.Networks;

/// <summary>The rows of one call, and how far they are. Used by the network's thread alone, but for waiting.</summary>
/// <param name="rows">[N, row].</param>
/// <param name="count">N.</param>
/// <param name="widths">Numbers in a row of each output.</param>
/// <param name="cancellationToken">Of the call.</param>
internal sealed class RowEvaluation(ReadOnlyMemory<float> rows, int count, IReadOnlyList<int> widths, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<float[][]> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _finished;

    public ReadOnlyMemory<float> Rows { get; } = rows;

    /// <summary>[N, width] of each output, filled as rows finish.</summary>
    public float[][] Results { get; } = [.. widths.Select(width => new float[count * width])];

    /// <summary>Rows given to the network so far.</summary>
    public int Taken { get; set; }

    public int Left => count - Taken;

    /// <summary>Whether nobody waits for the rest any more.</summary>
    public bool IsOver => _completion.Task.IsCompleted || cancellationToken.IsCancellationRequested;

    public Task<float[][]> Completion => _completion.Task;

    public void Finish(int rows)
    {
        _finished += rows;
        if (_finished == count)
        {
            _completion.TrySetResult(Results);
        }
    }

    public void Fail(Exception error) => _completion.TrySetException(error);
}
