using System.Globalization;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Storage;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Lets searches in as far as their tenant may have them: so many that wait, so many NFE a day.</summary>
internal sealed class SearchAdmission(IOptions<OrchestratorOptions> options)
{
    private const string Field = "spec.budget_nfe";

    private static readonly TimeSpan RetryWhenFull = TimeSpan.FromSeconds(5);

    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: too many wait, or the quota of the day does not hold its cost.</exception>
    public Admission Admit(SearchHeader search, TenantStanding tenant) => Readmit(search, kept: 0, tenant);

    /// <summary>The same for one that is reopened: it waits anew, behind what its tenant has had.</summary>
    /// <param name="kept">NFE that it will not pay again.</param>
    /// <exception cref="RpcException">As above.</exception>
    public Admission Readmit(SearchHeader search, long kept, TenantStanding tenant)
    {
        var most = options.Value.MostQueued(search.Tenant);
        if (tenant.Waiting >= most)
        {
            throw RpcErrors.ResourceExhausted($"searches wait already, as many as may ({most}); more are accepted once some are done", RetryWhenFull);
        }

        var nfe = Math.Max(0, Cost(search.Spec) - kept);
        CheckQuota(search.Tenant, nfe, tenant);
        var place = Math.Min(Math.Max(tenant.NextPlace, tenant.LastFinish), FairPlace.Last);
        var finish = place + FairPlace.Length(nfe, search.Spec.Priority, options.Value.Share(search.Tenant));
        return new Admission(place, Math.Min(finish, FairPlace.Last), nfe);
    }

    // All that it may spend: its budget, and the final run, whose cost is known beforehand.
    private static long Cost(SearchSpec spec) =>
        spec.BudgetNfe + (spec.FinalSteps > 0 ? RemoteSampler.Cost(spec.Sampler, spec.FinalSteps) : 0);

    private void CheckQuota(string name, long nfe, TenantStanding tenant)
    {
        var quota = options.Value.NfeQuota(name);
        var left = Math.Max(0, quota - tenant.NfeToday);
        if (quota == 0 || nfe <= left)
        {
            return;
        }

        var midnight = new DateTimeOffset(tenant.Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        var what = Invariant($"{Field}: the search may cost {nfe} NFE with its final run, and {left} of the {quota} NFE a day are left until {midnight:yyyy-MM-dd'T'HH:mm'Z'}");
        var info = new ErrorInfo
        {
            Reason = RpcErrors.NfeQuotaReason,
            Domain = RpcErrors.Domain,
            Metadata = { ["field"] = Field, ["cost_nfe"] = Invariant($"{nfe}"), ["left_nfe"] = Invariant($"{left}"), ["quota_nfe"] = Invariant($"{quota}") },
        };
        throw nfe > quota
            ? RpcErrors.Create(Grpc.Core.StatusCode.ResourceExhausted, $"{what}; it fits no day: ask for a smaller budget", info)
            : RpcErrors.Create(
                Grpc.Core.StatusCode.ResourceExhausted,
                $"{what}; ask for a smaller budget, or try again then",
                info,
                new RetryInfo { RetryDelay = Duration.FromTimeSpan(midnight - tenant.Now) });
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
