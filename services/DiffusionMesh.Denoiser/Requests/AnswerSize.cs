using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Denoiser.Requests;

/// <summary>Refuses what would be answered with a message that is too large to be sent, before anything is computed for it.</summary>
/// <param name="most">Bytes of a message.</param>
internal sealed class AnswerSize(DiffusionModel model, long most)
{
    // More than all but the tensors takes, for each of them.
    private const int FramingBytes = 1 << 10;

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: the answer to a trajectory would be too large.</exception>
    public void Require(SampleRequest request)
    {
        var outputs = request.Outputs ?? new SampleOutputs();
        var levels = outputs.XPredictionNoiseLevels.Count;
        var largest = request.Trajectories
            .Select(trajectory => (trajectory.Latent ?? trajectory.Renoise?.Latent) is { } latent ? ShapeOf(latent) : model.Shape)
            .MaxBy(shape => shape.Elements);
        var (state, image) = (((long)largest.Elements * sizeof(float)) + FramingBytes, ImageBytes(largest));
        var bytes = ((levels + 1) * state) + ((outputs.XPredictionImages ? levels : 0) * image) + (outputs.Image ? image : 0);
        Require(bytes, "outputs.x_prediction_noise_levels", $"would make an answer of {bytes} bytes; this server sends at most {most}: ask for fewer levels, or for no images of them");
    }

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: the images would be too large.</exception>
    public void Require(IEnumerable<LatentShape> latents)
    {
        var bytes = latents.Sum(ImageBytes);
        Require(bytes, "latents", $"would make images of {bytes} bytes; this server sends at most {most} in one answer: send fewer");
    }

    private static LatentShape ShapeOf(Tensor latent) => new((int)latent.Shape[0], (int)latent.Shape[1], (int)latent.Shape[2]);

    private long ImageBytes(LatentShape latent)
    {
        var image = model.ImageShapeOf(latent);
        return ((long)image.Height * image.Width * image.Channels) + FramingBytes;
    }

    private void Require(long bytes, string field, string description)
    {
        var violations = new FieldViolations();
        violations.Require(bytes <= most, field, description);
        violations.ThrowIfAny();
    }
}
