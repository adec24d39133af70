using System.Diagnostics;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;
using DiffusionMesh.Verifiers.Service;

namespace DiffusionMesh.Verifiers.Networks;

/// <summary>
/// A network over rows that all calls share: whatever rows wait are evaluated together, up to a most, in the order of
/// their calls. A row's result does not depend on its neighbours, and a call that is cancelled or fails takes no other with it.
/// </summary>
internal sealed class SharedNetwork : IDisposable
{
    private readonly OnnxModel _network;
    private readonly string _inputName;
    private readonly long[] _rowShape;
    private readonly int _rowLength;
    private readonly string[] _outputNames;
    private readonly int _maxRows;
    private readonly float[] _input;
    private readonly float[][] _outputs;
    private readonly string _role;

    private readonly Lock _lock = new();
    private readonly Queue<RowEvaluation> _waiting = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread _thread;

    private SharedNetwork(OnnxModel network, string role, RowInput input, string[] outputs, int[] widths, int maxRows)
    {
        (_network, _role, _inputName, _rowShape, _outputNames, _maxRows) = (network, role, input.Name, input.Shape, outputs, maxRows);
        _rowLength = (int)input.Shape.Aggregate(1L, (product, dimension) => product * dimension);
        Widths = widths;
        _input = new float[maxRows * _rowLength];
        _outputs = [.. widths.Select(width => new float[maxRows * width])];
        _thread = new Thread(Run) { IsBackground = true, Name = "rows of " + role };
        _thread.Start();
    }

    /// <summary>Numbers in a row of each output, in the order in which they were asked for.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>Evaluations so far, the first at loading.</summary>
    public long Evaluations { get; private set; }

    /// <summary>Rows evaluated so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Loads the network of a role and evaluates one row.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="role">For example "encoder".</param>
    /// <param name="input">The one input; rows come first in its shape.</param>
    /// <param name="outputs">The outputs that are wanted; each must be [N, a fixed width].</param>
    /// <param name="options">How to run it, and on how many rows.</param>
    /// <exception cref="ModelLoadException">The network has another interface, or cannot be evaluated.</exception>
    public static SharedNetwork Load(ModelFolder folder, string role, RowInput input, string[] outputs, VerifierOptions options)
    {
        var network = folder.LoadNetwork(role, options.Onnx);
        SharedNetwork? shared = null;
        try
        {
            shared = new SharedNetwork(network, role, input, outputs, RequireInterface(network, role, input.Name, outputs), options.MaxNetworkRows);
            shared.WarmUp();
            return shared;
        }
        catch
        {
            shared?.Dispose();
            network.Dispose();
            throw;
        }
    }

    /// <summary>Evaluates rows together with those of other calls.</summary>
    /// <param name="rows">[N, row]; must not change until the task ends.</param>
    /// <param name="cancellationToken">Ends the wait at once; rows not evaluated by then never are.</param>
    /// <returns>[N, width] of each output.</returns>
    public async Task<float[][]> EvaluateAsync(ReadOnlyMemory<float> rows, CancellationToken cancellationToken)
    {
        var evaluation = new RowEvaluation(rows, rows.Length / _rowLength, Widths, cancellationToken);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            _waiting.Enqueue(evaluation);
            _work.Release();
        }

        return await evaluation.Completion.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            _stopping.Cancel();
        }

        _thread.Join();
        _network.Dispose();
        _work.Dispose();
        _stopping.Dispose();
    }

    private static int[] RequireInterface(OnnxModel network, string role, string input, string[] outputs)
    {
        var widths = outputs.Select(name => network.Outputs.GetValueOrDefault(name) is [_, > 0 and <= 1 << 16 and var width] ? (int)width : 0).ToArray();
        return network.Inputs.Keys.SequenceEqual([input]) && !widths.Contains(0)
            ? widths
            : throw new ModelLoadException(
                $"components.{role} must take '{input}' alone and give {string.Join(" and ", outputs.Select(name => $"'{name}'"))} of a fixed length");
    }

    private void WarmUp()
    {
        try
        {
            EvaluateRows(1);
        }
        catch (InvalidOperationException e)
        {
            throw new ModelLoadException($"components.{_role} does not fit the manifest: {e.Message}", e);
        }
    }

    private void Run()
    {
        var parts = new List<(RowEvaluation Evaluation, int First, int Count)>();
        try
        {
            while (true)
            {
                _work.Wait(_stopping.Token);
                while (Take(parts) is var rows and > 0)
                {
                    _stopping.Token.ThrowIfCancellationRequested();
                    EvaluateTogether(parts, rows);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            lock (_lock)
            {
                parts.ForEach(part => part.Evaluation.Fail(new ObjectDisposedException(_role)));
                foreach (var evaluation in _waiting)
                {
                    evaluation.Fail(new ObjectDisposedException(_role));
                }
            }
        }
    }

    // First come, first served; a call that does not fit whole waits with its rest at the head.
    private int Take(List<(RowEvaluation Evaluation, int First, int Count)> parts)
    {
        parts.Clear();
        var rows = 0;
        lock (_lock)
        {
            while (rows < _maxRows && _waiting.TryPeek(out var next))
            {
                var count = next.IsOver ? 0 : Math.Min(next.Left, _maxRows - rows);
                if (count > 0)
                {
                    parts.Add((next, next.Taken, count));
                    next.Taken += count;
                    rows += count;
                }

                if (next.IsOver || next.Left == 0)
                {
                    _waiting.Dequeue();
                }
            }
        }

        return rows;
    }

    private void EvaluateTogether(List<(RowEvaluation Evaluation, int First, int Count)> parts, int rows)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var at = 0;
            foreach (var (evaluation, first, count) in parts)
            {
                evaluation.Rows.Span.Slice(first * _rowLength, count * _rowLength).CopyTo(_input.AsSpan(at * _rowLength));
                at += count;
            }

            EvaluateRows(rows);
        }
        catch (Exception e)
        {
            // Whatever the runtime throws, the callers of these rows hear of it and the others are served on.
            parts.ForEach(part => part.Evaluation.Fail(e));
            return;
        }

        ScoringMetrics.RecordEvaluation(_role, rows, Stopwatch.GetElapsedTime(start));
        var done = 0;
        foreach (var (evaluation, first, count) in parts)
        {
            for (var i = 0; i < _outputs.Length; i++)
            {
                _outputs[i].AsSpan(done * Widths[i], count * Widths[i]).CopyTo(evaluation.Results[i].AsSpan(first * Widths[i]));
            }

            evaluation.Finish(count);
            done += count;
        }
    }

    private void EvaluateRows(int rows)
    {
        var outputs = new OnnxTensor[_outputs.Length];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = new OnnxTensor(_outputNames[i], _outputs[i].AsMemory(0, rows * Widths[i]), rows, Widths[i]);
        }

        (Evaluations, Rows) = (Evaluations + 1, Rows + rows);
        _network.Run([new OnnxTensor(_inputName, _input.AsMemory(0, rows * _rowLength), [rows, .. _rowShape])], outputs);
    }
}
