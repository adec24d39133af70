using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

public sealed class TreeSearchTests
{
    [Fact]
    public void Backup_OfRewards_IsTheSoftMeanOfTheChildren()
    {
        var root = new TreeNode(null);
        var (left, right, unknown) = (root.AddChild(), root.AddChild(), root.AddChild());
        left.AddChild().Backup(Math.Log(1) / 2, 2);
        left.AddChild().Backup(Math.Log(3) / 2, 2);
        left.AddChild();

        Assert.Equal(Math.Log(2) / 2, left.Value!.Value, 12);
        Assert.Equal(left.Value, root.Value);

        right.AddChild().Backup(Math.Log(6) / 2, 2);

        Assert.Equal(Math.Log(4) / 2, root.Value!.Value, 12);
        Assert.Null(unknown.Value);
    }

    [Fact]
    public void Selection_OfDts_IsInProportionToTheExponentialOfTheValue()
    {
        var root = Tree(lambda: 2, 0, Math.Log(3) / 2);
        var policy = Policy(widening: 0.01);

        var chosen = Enumerable.Range(0, 4000).Count(i => policy.Select(root, 100, NoiseAddress.Of(1, (uint)i)) == root.Children[1]);

        Assert.InRange(chosen / 4000.0, 0.73, 0.77);
    }

    [Fact]
    public void Selection_OfDtsStar_IsTheGreatestUnlessABonusIsGiven()
    {
        var root = Tree(lambda: 2, 1, 0.9);
        for (var visit = 0; visit < 10; visit++)
        {
            Visit(root.Children[0]);
        }

        var greedy = Policy(widening: 0.01) with { IsGreedy = true };

        Assert.All(Enumerable.Range(0, 50), i => Assert.Same(root.Children[0], greedy.Select(root, 100, NoiseAddress.Of(1, (uint)i))));
        Assert.Same(root.Children[1], (greedy with { Exploration = 1 }).Select(root, 100, NoiseAddress.Of(1)));
    }

    [Fact]
    public void Selection_BeforeResults_SpreadsByVisitsAlone()
    {
        var root = Tree(lambda: 2, 1, 1);
        var policy = Policy(widening: 1) with { IsGreedy = true };
        var places = new List<TreeNode>();
        for (uint run = 0; run < 7; run++)
        {
            places.Add(policy.Select(root, 100, NoiseAddress.Of(1, run))!);
            Visit(places[^1].AddChild());
        }

        // Visits n from 3 on: the root opens its third place at n = 5, when 2 < sqrt(5), and its fourth at n = 10.
        Assert.Equal([3, 4, 6, 7, 8, 9], places.Index().Where(place => place.Item != root).Select(place => place.Index + 3));
        Assert.Equal(3, root.Children.Count);
    }

    [Fact]
    public void Selection_BeyondTheBudget_GoesDownToWhatFits()
    {
        var root = Tree(lambda: 2, 1, 2);
        var policy = Policy(widening: 100);

        Assert.Same(root, policy.Select(root, 10, NoiseAddress.Of(1)));
        Assert.Contains(policy.Select(root, 9, NoiseAddress.Of(1)), root.Children);
        Assert.Null(policy.Select(root, 4, NoiseAddress.Of(1)));
        Assert.Null(policy.Select(new TreeNode(null), 9, NoiseAddress.Of(1)));
    }

    [Theory]
    [InlineData("sample")]
    [InlineData("max")]
    public async Task Prefix_OfABranch_IsNeverSampledAgain(string selection)
    {
        using var search = new TestSearch { Algorithm = "tree", Budget = 400, Parameters = { ["selection"] = selection } };

        var result = await search.RunAsync();

        var children = result.Candidates.ToLookup(candidate => candidate.Parent);
        var drafts = result.Candidates.Where(candidate => !candidate.IsFinished).ToArray();
        Assert.Contains(drafts, draft => children[draft.Number].Count() >= 2);
        Assert.All(drafts, draft => Assert.NotEmpty(children[draft.Number]));
        Assert.InRange(children[null].Count(), Math.Sqrt(result.Candidates.Count(candidate => candidate.IsFinished)), 10);
        Assert.Equal(
            children[null].Select(candidate => candidate.Start).Distinct().Count(),
            result.Candidates.Count(candidate => candidate.Start is SegmentStart.Noise));
        Assert.All(result.Candidates, candidate => Assert.Equal(candidate.Steps, candidate.Nfe));
        var finished = result.Candidates.Where(candidate => candidate.IsFinished).ToArray();
        Assert.All(finished, candidate => Assert.Equal(10, candidate.NfePath));
        Assert.True(finished.Length * 10 > 400 * 1.2, $"{finished.Length} finished");
        Assert.InRange(result.Ledger.NfeSearch, 398, 400);
        Assert.Equal(finished.Length, finished.DistinctBy(candidate => candidate.Image!.Digest).Count());
    }

    [Fact]
    public async Task Round_OfRuns_IsChosenBeforeAnyResult()
    {
        using var search = new TestSearch { Algorithm = "tree", RoundSize = 6 };

        var result = await search.RunAsync();

        var first = result.Candidates.Where(candidate => candidate.Round == 0).ToArray();
        Assert.Equal(
            Enumerable.Range(0, 6).Select(i => new SegmentStart.Noise(new NoiseExpression.Draw(NoiseAddress.Of(7, (uint)i)))),
            first.Select(candidate => candidate.Start));
        Assert.Equal([6, 6, 6, 6, 6], search.Observer.Admitted.Take(5));
    }

    [Fact]
    public async Task Samples_ThatWereNotScored_AreNotFollowed()
    {
        // Rounds of four, four legs each: of the first finished samples, two of four.
        var calls = 0;
        using var search = new TestSearch
        {
            Algorithm = "tree",
            Budget = 300,
            Verifiers =
            [
                new PixelVerifier
                {
                    Score = image => calls++ is 12 or 13 ? new ScoreOutcome.Missing("no") : new ScoreOutcome.Value(PixelVerifier.Brightness(image)),
                },
            ],
        };

        var result = await search.RunAsync();

        Assert.Null(result.Error);
        var unscored = result.Candidates.Where(candidate => candidate is { IsFinished: true, State: CandidateState.Unscored }).ToArray();
        Assert.Equal(2, unscored.Length);
        Assert.All(unscored, candidate => Assert.Single(result.Candidates, other => other.Parent == candidate.Parent));
        Assert.InRange(result.Ledger.NfeSearch, 298, 300);
    }

    // Children of the root, each with a finished sample of that reward and one visit.
    private static TreeNode Tree(double lambda, params double[] rewards)
    {
        var root = new TreeNode(null);
        foreach (var reward in rewards)
        {
            var finished = root.AddChild().AddChild();
            finished.Backup(reward, lambda);
            Visit(finished);
        }

        return root;
    }

    private static void Visit(TreeNode tip)
    {
        for (var node = tip; node is not null; node = node.Parent)
        {
            node.Visit();
        }
    }

    private static TreePolicy Policy(double widening) => new(2, false, 0, widening, 0.5, [10, 5]);
}
