using DiffusionMesh.Cli.Experiments.Planning;
using DiffusionMesh.Cli.Experiments.Storage;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;

namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>Has chosen samples scored by a verifier that had no part in their search.</summary>
internal static class ScoreFill
{
    private const string FinalImage = "final";
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(5);

    /// <summary>Whether the finished sample is all that the verifier needs.</summary>
    public static bool CanScore(Verifier verifier) =>
        !verifier.NeedsState && verifier.Images.All(image => image.Kind == ImageKind.Final);

    /// <summary>Adds the scores of one verifier to the rows that lack them.</summary>
    public static async Task<IReadOnlyList<RunRow>> AddToAsync(
        IReadOnlyList<RunRow> rows,
        string name,
        Verifier verifier,
        VerifierService.VerifierServiceClient client,
        RunStore store,
        CancellationToken cancellationToken)
    {
        var scores = new Dictionary<(string Digest, int Condition), double>();
        var lacking = rows.Where(row => row.Chosen.Image is not null && !row.Scores.ContainsKey(name)).DistinctBy(KeyOf);
        foreach (var group in lacking.GroupBy(row => row.Planned.Condition))
        {
            foreach (var chunk in group.Chunk(Math.Max(1, verifier.MaxBatchSize)))
            {
                var answer = await client.ScoreAsync(
                    Request(chunk, verifier, group.Key, store), deadline: DateTime.UtcNow + AnswerTime, cancellationToken: cancellationToken);
                foreach (var (row, score) in chunk.Zip(answer.Scores))
                {
                    if (score.OutcomeCase == CandidateScore.OutcomeOneofCase.Value)
                    {
                        scores[KeyOf(row)] = score.Value;
                    }
                }
            }
        }

        return [.. rows.Select(row => scores.TryGetValue(KeyOf(row), out var score) && !row.Scores.ContainsKey(name) ? With(row, name, score) : row)];
    }

    private static (string Digest, int Condition) KeyOf(RunRow row) => (row.Chosen.PixelDigest, row.Planned.Condition.Number);

    private static RunRow With(RunRow row, string name, double score) =>
        row with { Scores = new SortedDictionary<string, double>(row.Scores.ToDictionary(), StringComparer.Ordinal) { [name] = score } };

    private static ScoreRequest Request(RunRow[] rows, Verifier verifier, ExperimentCondition condition, RunStore store)
    {
        var request = new ScoreRequest { Condition = condition.ToMessage(), WeightsDigest = verifier.WeightsDigest };
        request.Candidates.Add(rows.Select((row, index) => new Candidate
        {
            Id = $"{index}",
            Images =
            {
                new NamedImage
                {
                    Name = verifier.Images.FirstOrDefault()?.Name ?? FinalImage,
                    Kind = ImageKind.Final,
                    Image = TensorMapping.ToMessage(
                        store.Pixels(row.Run, row.Chosen)!.AsMemory(), [.. row.Run.ImageShape.Select(size => (long)size)]),
                },
            },
        }));
        return request;
    }
}
