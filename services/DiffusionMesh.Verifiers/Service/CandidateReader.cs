using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.Service;

/// <summary>
/// Reads one candidate. What cannot be read at all violates the request; an image that is missing or
/// of another kind is an error of that candidate alone.
/// </summary>
internal sealed class CandidateReader(ScorerDescription scorer, VerifierOptions limits)
{
    public CandidateReading Read(Candidate candidate, string field, FieldViolations violations)
    {
        if (!violations.Require(
            candidate.Images.Count <= limits.MaxImagesPerCandidate,
            field + ".images",
            $"has {candidate.Images.Count} elements; send at most {limits.MaxImagesPerCandidate}"))
        {
            return new CandidateReading(null, null);
        }

        var images = new Dictionary<string, NamedImage>(StringComparer.Ordinal);
        for (var i = 0; i < candidate.Images.Count; i++)
        {
            var image = candidate.Images[i];
            var path = $"{field}.images[{i}]";
            RequireImage(image, path, violations);
            violations.Require(images.TryAdd(image.Name, image), path + ".name", $"is '{image.Name}' again; names are unique within a candidate");
        }

        return violations.Any ? new CandidateReading(null, null) : Select(candidate.Id, images);
    }

    private void RequireImage(NamedImage image, string path, FieldViolations violations)
    {
        violations.Require(image.Name.Length > 0, path + ".name", "is empty");
        violations.Require(
            image.Kind != ImageKind.XPrediction || image.NoiseLevel is >= 0 and <= 1,
            path + ".noise_level",
            $"is {image.NoiseLevel}; a noise level lies in [0, 1]");
        ImageTensors.Require(image.Image, path + ".image", limits, violations);
    }

    private CandidateReading Select(string id, Dictionary<string, NamedImage> images)
    {
        var selected = ImmutableArray.CreateBuilder<ScoringImage>(scorer.Images.Length);
        foreach (var required in scorer.Images)
        {
            if (!images.TryGetValue(required.Name, out var image))
            {
                return Failed("IMAGE_MISSING", $"{scorer.Name} needs an image named '{required.Name}'");
            }

            // Kind left out: the finished sample.
            if ((image.Kind == ImageKind.XPrediction) != required.PredictedAt.HasValue)
            {
                return Failed("IMAGE_KIND_MISMATCH", $"{scorer.Name} needs '{required.Name}' to be {Kind(required)}");
            }

            selected.Add(new ScoringImage(ImageTensors.ToPixels(image.Image), image.NoiseLevel));
        }

        return new CandidateReading(new ScoringCandidate(id, selected.MoveToImmutable()), null);
    }

    private static string Kind(RequiredImage required) => required.PredictedAt switch
    {
        null => "the finished sample",
        var level => $"an x-prediction made at noise level {level}",
    };

    private static CandidateReading Failed(string reason, string message) => new(null, new ScoreOutcome.Error(reason, message));
}
