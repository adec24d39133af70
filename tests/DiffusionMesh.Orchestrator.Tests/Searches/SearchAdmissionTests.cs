using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Options;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.Orchestrator.Tests.Searches;

public sealed class SearchAdmissionTests
{
    private static readonly DateTimeOffset Evening = new(2026, 3, 1, 22, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Admit_WithinTheQuota_HoldsBudgetAndFinalRun()
    {
        var search = Search(budget: 60);
        (search.Spec.Sampler, search.Spec.FinalSteps) = ("euler", 40);

        Assert.Equal(100, Admission().Admit(search, Standing(nfeToday: 0)).Nfe);
        Assert.Throws<RpcException>(() => Admission().Admit(search, Standing(nfeToday: 1)));
    }

    [Fact]
    public void Admit_BeyondTheQuota_SaysWhatIsLeftAndUntilWhen()
    {
        var error = Assert.Throws<RpcException>(() => Admission().Admit(Search(budget: 60), Standing(nfeToday: 41)));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.StartsWith("spec.budget_nfe: ", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("59 of the 100 NFE a day are left until 2026-03-02T00:00Z", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(90), RpcErrors.Detail<RetryInfo>(error)!.RetryDelay.ToTimeSpan());
        var info = RpcErrors.Detail<ErrorInfo>(error)!;
        Assert.Equal(("NFE_QUOTA", "spec.budget_nfe", "59"), (info.Reason, info.Metadata["field"], info.Metadata["left_nfe"]));
    }

    [Fact]
    public void Admit_MoreThanADayHolds_IsNotToBeTriedAgain()
    {
        var error = Assert.Throws<RpcException>(() => Admission().Admit(Search(budget: 101), Standing(nfeToday: 0)));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Null(RpcErrors.Detail<RetryInfo>(error));
    }

    [Fact]
    public void Admit_TenantWithItsOwnQuota_HasThatOne()
    {
        var options = new OrchestratorOptions { NfePerDay = 100, Tenants = { ["a"] = new() { NfePerDay = 0 }, ["b"] = new() { NfePerDay = 10 } } };
        var admission = new SearchAdmission(Options.Create(options));

        Assert.Equal(1_000, admission.Admit(Search(budget: 1_000, "a"), Standing(nfeToday: 0)).Nfe);
        Assert.Throws<RpcException>(() => admission.Admit(Search(budget: 11, "b"), Standing(nfeToday: 0)));
        Assert.Equal(100, admission.Admit(Search(budget: 100, "c"), Standing(nfeToday: 0)).Nfe);
    }

    [Fact]
    public void Readmit_SearchThatGoesOn_HoldsWhatIsLeftOfItsCost()
    {
        Assert.Equal(20, Admission().Readmit(Search(budget: 60), kept: 40, Standing(nfeToday: 80)).Nfe);
        Assert.Throws<RpcException>(() => Admission().Readmit(Search(budget: 60), kept: 40, Standing(nfeToday: 81)));
        Assert.Equal(0, Admission().Readmit(Search(budget: 60), kept: 60, Standing(nfeToday: 100)).Nfe);
    }

    [Fact]
    public void Readmit_SearchThatGoesOn_IsAsLongAsWhatIsLeftOfIt()
    {
        var (whole, rest) = (
            Admission().Admit(Search(budget: 60), Standing(nfeToday: 0)),
            Admission().Readmit(Search(budget: 60), kept: 40, Standing(nfeToday: 0) with { LastFinish = 7 }));

        Assert.Equal((7, 20 * (whole.Finish - whole.Place)), (rest.Place, 60 * (rest.Finish - rest.Place)));
    }

    [Fact]
    public void Admit_BehindTheLastPlace_SharesIt()
    {
        var admission = new SearchAdmission(Options.Create(new OrchestratorOptions { Tenants = { [""] = new() { Share = 0.001 } } }));
        var (near, behind) = (
            admission.Admit(Search(budget: long.MaxValue), Standing(nfeToday: 0) with { NextPlace = FairPlace.Last - 1 }),
            admission.Admit(Search(budget: 1), Standing(nfeToday: 0) with { LastFinish = long.MaxValue }));

        Assert.Equal((FairPlace.Last - 1, FairPlace.Last), (near.Place, near.Finish));
        Assert.Equal((FairPlace.Last, FairPlace.Last), (behind.Place, behind.Finish));
    }

    private static SearchAdmission Admission() => new(Options.Create(new OrchestratorOptions { NfePerDay = 100 }));

    private static TenantStanding Standing(long nfeToday) => new(Waiting: 0, NextPlace: 0, LastFinish: 0, nfeToday, Evening);

    private static SearchHeader Search(long budget, string tenant = "") => new() { Tenant = tenant, Spec = new SearchSpec { BudgetNfe = budget } };
}
