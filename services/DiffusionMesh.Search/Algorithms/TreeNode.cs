namespace DiffusionMesh.Search.Algorithms;

/// <summary>A denoising state in a search tree: where the legs of a run meet.</summary>
/// <param name="parent">The state before; null for the root, which stands for the noise before any is drawn.</param>
internal sealed class TreeNode(TreeNode? parent)
{
    private readonly List<TreeNode> _children = [];

    public TreeNode? Parent { get; } = parent;

    /// <summary>Legs between the root and this state.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>In the order in which they were begun.</summary>
    public IReadOnlyList<TreeNode> Children => _children;

    /// <summary>The draft or finished sample of this state; null until it was sampled.</summary>
    public Candidate? Candidate { get; set; }

    /// <summary>Runs that were sent through this state, those still under way included.</summary>
    public int Visits { get; private set; }

    /// <summary>v̂, what finished samples below promise; null while none was scored.</summary>
    public double? Value { get; private set; }

    /// <summary>Begins a further branch.</summary>
    public TreeNode AddChild()
    {
        var child = new TreeNode(this);
        _children.Add(child);
        return child;
    }

    /// <summary>Counts a run through this state before its result is known, so that the next one of its round goes elsewhere.</summary>
    public void Visit() => Visits++;

    /// <summary>Takes a reward in and carries it up to the root by v̂ = (1/λ) log mean exp(λ v) over the children's values v.</summary>
    /// <param name="lambda">λ, more than 0.</param>
    public void Backup(double reward, double lambda)
    {
        Value = reward;
        for (var node = Parent; node is not null; node = node.Parent)
        {
            var values = node.Children.Where(child => child.Value is not null).Select(child => lambda * child.Value!.Value);
            node.Value = LogWeights.LogMean([.. values]) / lambda;
        }
    }
}
