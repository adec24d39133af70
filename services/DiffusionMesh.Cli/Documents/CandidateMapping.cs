using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cli.Documents;

internal static class CandidateMapping
{
    public static CandidateSection ToSection(Candidate candidate)
    {
        var errors = candidate.Scores
            .Where(score => score.OutcomeCase == VerifierScore.OutcomeOneofCase.Error)
            .ToDictionary(score => score.Verifier, score => score.Error);
        return new CandidateSection
        {
            Id = candidate.Id,
            Parent = SearchDocumentMapping.NullIfEmpty(candidate.ParentId),
            Round = candidate.Round,
            Noise = candidate.Noise is null ? null : ToSection(candidate.Noise),
            RenoiseDraw = candidate.RenoiseDraw is null ? null : ToSection(candidate.RenoiseDraw),
            FromNoiseLevel = candidate.FromNoiseLevel,
            ToNoiseLevel = candidate.ToNoiseLevel,
            Steps = candidate.Steps,
            Nfe = candidate.Nfe,
            NfePath = candidate.NfePath,
            Scores = Values(candidate.Scores),
            ScoreErrors = errors.Count == 0 ? null : new SortedDictionary<string, string>(errors, StringComparer.Ordinal),
            State = SearchDocumentMapping.SnakeCase(candidate.State),
            PixelDigest = SearchDocumentMapping.NullIfEmpty(candidate.PixelDigest),
        };
    }

    public static SortedDictionary<string, double?> Values(IEnumerable<VerifierScore> scores) => new(
        scores.ToDictionary(
            score => score.Verifier,
            score => score.OutcomeCase == VerifierScore.OutcomeOneofCase.Value ? score.Value : (double?)null),
        StringComparer.Ordinal);

    private static NoiseSection ToSection(NoiseExpression noise) => new(
        ToSection(noise.Draw),
        [.. noise.Rotations.Select(rotation => new RotationSection(ToSection(rotation.Toward), rotation.Cosine))]);

    private static NoiseAddressSection ToSection(NoiseAddress address) => new(address.Seed, [.. address.Lineage])
    {
        Generator = address.Generator is NoiseGenerator.Unspecified or NoiseGenerator.Philox
            ? null
            : SearchDocumentMapping.SnakeCase(address.Generator),
    };
}
