namespace DiffusionMesh.Orchestrator.Mesh.Calling;

/// <summary>How much a search may have done twice because it took long, in the units of its calls' work: NFE, or images.</summary>
internal sealed class HedgeAllowance(long limit)
{
    private long _left = limit;

    /// <summary>Takes the cost if it fits.</summary>
    public bool TrySpend(double cost)
    {
        var whole = (long)Math.Ceiling(cost);
        for (var left = Volatile.Read(ref _left); whole <= left;)
        {
            var seen = Interlocked.CompareExchange(ref _left, left - whole, left);
            if (seen == left)
            {
                return true;
            }

            left = seen;
        }

        return false;
    }
}
