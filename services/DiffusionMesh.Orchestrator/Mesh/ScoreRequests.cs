using System.Globalization;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search;
using Candidate = DiffusionMesh.Contracts.VerifierV1.Candidate;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>Writes finished samples as verifiers take them. Candidates are named by their position.</summary>
internal static class ScoreRequests
{
    // The name of a finished sample, for verifiers that do not say which they expect.
    private const string DefaultImageName = "final";

    public static ScoreRequest Of(
        Verifier description,
        string weightsDigest,
        IReadOnlyList<SampleImage> images,
        Condition? condition)
    {
        var names = description.Images.Count == 0 ? [DefaultImageName] : description.Images.Select(image => image.Name).ToArray();
        return new ScoreRequest
        {
            Condition = ConditionMapping.ToMessage(condition),
            WeightsDigest = weightsDigest,
            Candidates = { images.Select((image, position) => Candidate(image, position, names)) },
        };
    }

    private static Candidate Candidate(SampleImage image, int position, string[] names) => new()
    {
        Id = position.ToString(CultureInfo.InvariantCulture),
        Images =
        {
            names.Select(name => new NamedImage
            {
                Name = name,
                Kind = ImageKind.Final,
                Image = TensorMapping.ToMessage(image.Pixels, image.Height, image.Width, image.Channels),
            }),
        },
    };
}
