namespace DiffusionMesh.Search.Accounting;

/// <summary>
/// The gate before every sampling call: what does not fit is not called. It bounds search NFE alone.
/// </summary>
public sealed class NfeBudget
{
    public NfeBudget(long limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        Limit = limit;
    }

    public long Limit { get; }

    public long Spent { get; private set; }

    public long Left => Limit - Spent;

    /// <summary>Takes the cost if it fits. Running out is a normal end, not an error.</summary>
    /// <param name="cost">In NFE, 0 or more.</param>
    public bool TrySpend(long cost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        if (cost > Left)
        {
            return false;
        }

        Spent += cost;
        return true;
    }
}
