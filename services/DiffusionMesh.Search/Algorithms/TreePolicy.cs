using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>Where in the tree the next run branches off.</summary>
/// <param name="Lambda">λ.</param>
/// <param name="IsGreedy">Whether the greatest value is followed (DTS*) instead of choosing by exp(λ v̂) (DTS).</param>
/// <param name="Exploration">Greedy only: c of the bonus c sqrt(ln(visits of the node) / visits of the child).</param>
/// <param name="Widening">A node visited n times gets another child while it has fewer than Widening n^Exponent.</param>
/// <param name="Exponent">In [0, 1].</param>
/// <param name="RunCosts">By depth, NFE of a run from there to the finished sample; it falls with the depth.</param>
internal sealed record TreePolicy(
    double Lambda,
    bool IsGreedy,
    double Exploration,
    double Widening,
    double Exponent,
    ImmutableArray<long> RunCosts)
{
    /// <summary>
    /// Goes down from the root to a state that is to get another child, and counts the visits. States above the last leg get
    /// none when the run from there is beyond the budget.
    /// </summary>
    /// <param name="budget">In NFE.</param>
    /// <param name="choices">At the addresses below it lie the uniform numbers by which children are chosen.</param>
    /// <returns>Null if no run fits.</returns>
    public TreeNode? Select(TreeNode root, long budget, NoiseAddress choices)
    {
        for (var node = root; ;)
        {
            var open = node.Depth < RunCosts.Length - 1 ? node.Children.Where(child => child.Value is not null).ToArray() : [];
            var affordable = RunCosts[node.Depth] <= budget;
            if (open.Length == 0 && !affordable)
            {
                return null;
            }

            if (open.Length == 0 || (affordable && node.Children.Count < Widening * Math.Pow(node.Visits + 1, Exponent)))
            {
                return node;
            }

            var choice = choices with { Lineage = choices.Lineage.Add((uint)node.Depth) };
            node = IsGreedy ? open.MaxBy(child => Bound(node, child))! : open[Draw(open, choice.Uniform())];
        }
    }

    private int Draw(TreeNode[] open, double uniform) =>
        LogWeights.Resample([.. open.Select(child => Lambda * child.Value!.Value)], 1, uniform)[0];

    private double Bound(TreeNode node, TreeNode child) =>
        child.Value!.Value + (Exploration * Math.Sqrt(Math.Log(node.Visits) / child.Visits));
}
