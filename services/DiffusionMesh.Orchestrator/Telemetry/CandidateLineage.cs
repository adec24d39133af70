using System.Globalization;
using DiffusionMesh.Search;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>Writes the ancestors of candidates: <c>0/4/17</c>, the oldest first, the candidate last.</summary>
internal sealed class CandidateLineage
{
    // Chains grow with the rounds; an attribute must not.
    private const int MaxGenerations = 16;

    private readonly List<int?> _parents = [];

    public void Add(Candidate candidate) => _parents.Add(candidate.Parent);

    public string Of(int candidate)
    {
        var chain = new List<string>();
        int? next = candidate;
        while (next is { } number && chain.Count < MaxGenerations)
        {
            chain.Add(number.ToString(CultureInfo.InvariantCulture));
            next = _parents[number];
        }

        if (next is not null)
        {
            chain.Add("...");
        }

        chain.Reverse();
        return string.Join('/', chain);
    }
}
