using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;

namespace DiffusionMesh.Orchestrator.Replay;

/// <summary>Compares two runs, bit for bit.</summary>
internal static class ReplayComparison
{
    private const int MaxDifferences = 100;

    private const string Unset = "unset";

    public static ReplayReport Of(RunFacts original, RunFacts replayed)
    {
        var report = new ReplayReport
        {
            Candidates = original.Messages.Keys.Count(fact => fact is { Prefix: "", CandidateId.Length: > 0 } && replayed.Messages.ContainsKey(fact)),
        };
        var facts = original.Messages.Keys.Union(replayed.Messages.Keys)
            .Where(fact => !Equals(original.Messages.GetValueOrDefault(fact), replayed.Messages.GetValueOrDefault(fact)))
            .OrderBy(fact => SearchResultMapping.CandidateNumber(fact.CandidateId) ?? -1)
            .ThenBy(fact => fact.Prefix, StringComparer.Ordinal);
        foreach (var difference in facts.SelectMany(fact => Differences(
            fact, original.Messages.GetValueOrDefault(fact), replayed.Messages.GetValueOrDefault(fact))))
        {
            report.DifferencesTotal++;
            if (report.Differences.Count < MaxDifferences)
            {
                report.Differences.Add(difference);
            }
        }

        report.Identical = report.DifferencesTotal == 0;
        return report;
    }

    private static IEnumerable<ReplayDifference> Differences(RunFacts.Fact fact, IMessage? original, IMessage? replayed)
    {
        var (first, second) = (Fields(original, fact.Prefix), Fields(replayed, fact.Prefix));
        return first.Keys.Union(second.Keys)
            .Where(field => first.GetValueOrDefault(field) != second.GetValueOrDefault(field))
            .Select(field => new ReplayDifference
            {
                CandidateId = fact.CandidateId,
                Field = field,
                Original = first.GetValueOrDefault(field, Unset),
                Replayed = second.GetValueOrDefault(field, Unset),
            });
    }

    private static Dictionary<string, string> Fields(IMessage? message, string prefix)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, text) in message is null ? [] : MessageFields.Of(message, prefix))
        {
            fields[path] = text;
        }

        return fields;
    }
}
