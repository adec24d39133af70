using System.Collections.Concurrent;
using System.Numerics.Tensors;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Benchmarks.Ragged;

/// <summary>
/// Static batching of whole requests: whatever waits becomes a batch, and the next batch begins when the last of its
/// requests is done. Euler's steps of the linear flow.
/// </summary>
internal sealed class StaticBatching : IDisposable
{
    private readonly DiffusionModel _model;
    private readonly NetworkBatch _batch;
    private readonly bool _lettingGo;
    private readonly BlockingCollection<Member> _waiting = [];
    private readonly Thread _thread;

    /// <param name="model">The caller disposes of it.</param>
    /// <param name="maxRows">Most requests in a batch.</param>
    /// <param name="lettingGo">
    /// Whether a request that is done, or given up, is answered and leaves its row at once. Else the rows of a batch stay as
    /// they are to its end, as they do in a pipeline over whole batches.
    /// </param>
    public StaticBatching(DiffusionModel model, int maxRows, bool lettingGo)
    {
        (_model, _lettingGo) = (model, lettingGo);
        _batch = model.CreateBatch(maxRows, model.Shape);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public Task ServeAsync(RaggedRequest request, CancellationToken cancellationToken)
    {
        var member = new Member(request, new float[_model.Shape.Elements]);
        NoiseAddress.Of(0, (uint)request.Number).Fill(member.State);
        _waiting.Add(member, cancellationToken);
        return member.Answered.Task;
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
        _batch.Dispose();
    }

    private void Run()
    {
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            List<Member> members = [first];
            while (members.Count < _batch.MaxRows && _waiting.TryTake(out var next))
            {
                members.Add(next);
            }

            RunBatch(members);
        }
    }

    private void RunBatch(List<Member> members)
    {
        var longest = members.Max(member => member.Request.Steps);
        for (var step = 0; step < longest && members.Count > 0; step++)
        {
            Step(members, step);
            if (_lettingGo)
            {
                members.ForEach(member => member.AnswerIf(step + 1 >= member.Request.UsefulSteps));
                members.RemoveAll(member => member.Answered.Task.IsCompleted);
            }
        }

        members.ForEach(member => member.AnswerIf(true));
    }

    private void Step(List<Member> members, int step)
    {
        _batch.Clear();
        foreach (var member in members)
        {
            _batch.Add(member.State, 1 - ((double)Math.Min(step, member.Request.Steps) / member.Request.Steps), _model.EmbedClass(EmbeddedModel.ClassLabel));
        }

        _model.Evaluate(_batch);
        for (var row = 0; row < members.Count; row++)
        {
            if (step < members[row].Request.Steps)
            {
                var state = members[row].State;
                TensorPrimitives.MultiplyAdd(_batch.Prediction(row), -1f / members[row].Request.Steps, state, state);
            }
        }
    }

    private sealed record Member(RaggedRequest Request, float[] State)
    {
        public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void AnswerIf(bool isDone)
        {
            if (isDone)
            {
                Answered.TrySetResult();
            }
        }
    }
}
