using DiffusionMesh.Search.Accounting;

namespace DiffusionMesh.Search.Tests.Accounting;

public sealed class NfeBudgetTests
{
    [Fact]
    public void TrySpend_WhatFits_IsTaken()
    {
        var budget = new NfeBudget(10);

        Assert.True(budget.TrySpend(4));
        Assert.True(budget.TrySpend(6));
        Assert.True(budget.TrySpend(0));
        Assert.Equal((10, 0), (budget.Spent, budget.Left));
    }

    [Fact]
    public void TrySpend_WhatDoesNotFit_TakesNothing()
    {
        var budget = new NfeBudget(10);
        budget.TrySpend(4);

        Assert.False(budget.TrySpend(7));
        Assert.False(budget.TrySpend(long.MaxValue));
        Assert.Equal(6, budget.Left);
    }

    [Fact]
    public void NfeBudget_NegativeNumbers_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new NfeBudget(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NfeBudget(1).TrySpend(-1));
    }
}
