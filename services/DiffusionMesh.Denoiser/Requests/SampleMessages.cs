using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Inference.Models;
using Google.Protobuf.WellKnownTypes;
using Trajectory = DiffusionMesh.Denoiser.Engine.Trajectory;

namespace DiffusionMesh.Denoiser.Requests;

/// <summary>Writes what happens to trajectories, with the outputs that were asked for.</summary>
internal sealed class SampleMessages(DiffusionModel model, SampleOutputs? outputs)
{
    private readonly SampleOutputs _outputs = outputs ?? new SampleOutputs();

    // Nothing selected means the latent.
    private bool WantsLatent => _outputs.Latent || (!_outputs.Image && _outputs.XPredictionNoiseLevels.Count == 0);

    public SampleResponse ToMessage(SampleEvent happened) => happened switch
    {
        SampleEvent.Finished finished => new SampleResponse { Result = Result(finished.Trajectory) },
        SampleEvent.StepDone step => new SampleResponse { Preview = Preview(step) },
        SampleEvent.TimeLeftKnown left => new SampleResponse { TimeLeft = new SampleTimeLeft { TimeLeft = Duration.FromTimeSpan(left.Estimate) } },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "not a kind of event"),
    };

    private SampleResult Result(Trajectory trajectory)
    {
        var run = trajectory.Run;
        RequireFinite(trajectory);
        var result = new SampleResult
        {
            TrajectoryId = trajectory.Id,
            Nfe = run.Nfe,
            NetworkRows = trajectory.RowsUsed,
            ModelDigest = model.Digest,
            ComputeClass = model.ComputeClass,
        };
        if (WantsLatent)
        {
            result.Latent = LatentTensor(run.State, trajectory.Shape);
        }

        if (_outputs.Image)
        {
            result.Image = ImageTensor(trajectory.Notes.Last is { } last && run.StatePoint.Sigma > 0 ? last.Clean : run.State, trajectory.Shape);
            result.Decodes++;
        }

        foreach (var (requested, note) in trajectory.Notes.Taken)
        {
            var message = new XPrediction
            {
                NoiseLevel = note.NoiseLevel,
                RequestedNoiseLevel = requested,
                Latent = LatentTensor(note.Clean, trajectory.Shape),
            };
            if (_outputs.XPredictionImages)
            {
                message.Image = ImageTensor(note.Clean, trajectory.Shape);
                result.Decodes++;
            }

            result.XPredictions.Add(message);
        }

        return result;
    }

    // Absurd latents and guidance overflow. What comes of that is no sample.
    private static void RequireFinite(Trajectory trajectory)
    {
        foreach (var value in trajectory.Run.State)
        {
            if (!float.IsFinite(value))
            {
                var violations = new FieldViolations();
                violations.Add("trajectories", $"'{trajectory.Id}' overflowed on the way: start from smaller values, or lower the guidance");
                violations.ThrowIfAny();
            }
        }
    }

    private SamplePreview Preview(SampleEvent.StepDone step) => new()
    {
        TrajectoryId = step.Trajectory.Id,
        Step = step.Step,
        Steps = step.Trajectory.Run.Steps,
        NoiseLevel = step.NoiseLevel,
        Image = ImageTensor(step.XPrediction, step.Trajectory.Shape),
        TimeLeft = Duration.FromTimeSpan(step.TimeLeft),
    };

    // What is finished, or was noted, is never touched again.
    private static Tensor LatentTensor(float[] values, LatentShape shape) =>
        TensorMapping.Wrap(values, shape.Channels, shape.Height, shape.Width);

    private Tensor ImageTensor(ReadOnlyMemory<float> latent, LatentShape shape)
    {
        var image = model.ImageShapeOf(shape);
        return TensorMapping.ToMessage((ReadOnlyMemory<byte>)model.Decode(latent, shape), image.Height, image.Width, image.Channels);
    }
}
