using DiffusionMesh.Orchestrator.Mesh.Calling;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Calling;

public sealed class HedgeAllowanceTests
{
    [Fact]
    public void Spending_ByMany_StaysWithinTheLimit()
    {
        var allowance = new HedgeAllowance(100);

        var spent = ParallelEnumerable.Range(0, 1000).Count(_ => allowance.TrySpend(7));

        Assert.Equal(14, spent);
        Assert.False(allowance.TrySpend(3));
        Assert.True(allowance.TrySpend(2));
    }
}
