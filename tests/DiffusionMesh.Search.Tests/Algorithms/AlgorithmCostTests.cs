using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

/// <summary>What every algorithm may pay, and how that is accounted for.</summary>
public sealed class AlgorithmCostTests
{
    public static TheoryData<string> Algorithms => [.. SearchAlgorithms.All.Names];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Budget_AnyFromZeroUp_IsNeverExceeded(string algorithm)
    {
        for (var budget = 0; budget <= 12 * TestSearch.Steps; budget++)
        {
            using var search = new TestSearch { Algorithm = algorithm, Budget = budget };

            var result = await search.RunAsync();

            var spent = search.Sampler.Sampled.Sum(segment => (long)segment.Steps);
            Assert.Equal(spent, result.Ledger.NfeSearch);
            Assert.InRange(spent, 0, budget);
            Assert.Null(result.Error);
            Assert.Equal(budget >= TestSearch.Steps, result.Best.Length > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Budget_AnyStepsAndSampler_FinishesACandidateAsSoonAsOneFits(string algorithm)
    {
        foreach (var heun in new[] { false, true })
        {
            foreach (var steps in new[] { 1, 2, 3, 7 })
            {
                var run = heun ? (2 * steps) - 1 : steps;
                for (var budget = 0; budget <= 9 * run; budget++)
                {
                    var sampler = new NoiseSampler { Heun = heun };
                    using var search = new TestSearch { Algorithm = algorithm, Budget = budget, RunSteps = steps, Sampler = sampler };

                    var result = await search.RunAsync();

                    Assert.Null(result.Error);
                    Assert.InRange(result.Ledger.NfeSearch, 0, budget);
                    Assert.Equal(budget >= run, result.Best.Length > 0);
                    Assert.InRange(
                        result.Candidates.Length, 0, SearchAlgorithms.All[algorithm].PlannedCandidates(search.Spec, run));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Call_OfOneSearch_IsNeverPaidTwice(string algorithm)
    {
        using var search = new TestSearch { Algorithm = algorithm, FinalSteps = 9 };

        var result = await search.RunAsync();

        var keys = search.Sampler.Sampled.Select(segment => ContentKeys.Of(search.Spec, segment)).ToArray();
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(search.Sampler.Sampled.Count, search.Verifiers[0].Scored.Count);
        Assert.Equal(search.Verifiers[0].Scored.Count, result.Ledger.VerifierCalls["brightness"]);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Observer_IsToldOfEveryLineOfTheLedgerOnce(string algorithm)
    {
        using var search = new TestSearch { Algorithm = algorithm, FinalSteps = 9 };
        var ledger = (await search.RunAsync()).Ledger;
        using var again = new TestSearch { Algorithm = algorithm, FinalSteps = 9, Journal = search.Journal };
        await again.RunAsync();

        Assert.Equal(ledger.NfeSearch, search.Observer.Paid["search"]);
        Assert.Equal(ledger.NfeFinal, search.Observer.Paid["final"]);
        Assert.DoesNotContain("recalled", search.Observer.Paid.Keys);
        Assert.Equal(ledger.NfeSearch, again.Observer.Paid["recalled"]);
        Assert.DoesNotContain("search", again.Observer.Paid.Keys);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Candidates_TheirNfe_SumToTheLedger(string algorithm)
    {
        using var search = new TestSearch { Algorithm = algorithm, FinalSteps = 9, Sampler = new NoiseSampler { Waste = 4 } };

        var result = await search.RunAsync();

        var ledger = result.Ledger;
        Assert.Equal(ledger.NfeSearch, result.Candidates.Sum(candidate => candidate.Nfe));
        Assert.Equal(ledger.NfeSearch, search.Observer.Finished.Sum(candidate => candidate.Nfe));
        Assert.Equal(9, ledger.NfeFinal);
        Assert.Equal(4 * (search.Observer.Admitted.Count + 1), ledger.NfeWasted);
        Assert.Equal(ledger.NfeSearch + ledger.NfeFinal + ledger.NfeWasted, ledger.NfeTotal);
        Assert.Equal(2 * (ledger.NfeSearch + ledger.NfeFinal), ledger.NetworkRows);
        Assert.Equal(result.Candidates.Length + 1, ledger.Decodes);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Plan_OfCandidates_IsWhatTheSearchTries(string algorithm)
    {
        using var search = new TestSearch { Algorithm = algorithm };

        var result = await search.RunAsync();

        var planned = SearchAlgorithms.All[algorithm].PlannedCandidates(search.Spec, TestSearch.Steps);
        Assert.InRange(result.Candidates.Length, planned / 2, planned);
    }
}
