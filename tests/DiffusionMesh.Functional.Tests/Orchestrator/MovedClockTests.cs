using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage.Postgres;
using DiffusionMesh.Orchestrator.Tests.Storage;
using DiffusionMesh.Tests;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>An orchestrator whose database tells another time than the machines that it calls.</summary>
public sealed class MovedClockTests
{
    [PostgresTheory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Search_WhereTheDatabaseIsAnHourOff_IsRunAndHasItsTimes(int hours)
    {
        var database = await (await PostgresServer.Shared).CreateDatabaseAsync();
        await Migrate.RunAsync([$"--Orchestrator:Database={database}"]);
        var moved = await MovedClock.MoveAsync(database, TimeSpan.FromHours(hours));
        await using var denoiser = await ScriptedServer.StartAsync(new ScriptedDenoiser());
        await using var verifier = await ScriptedServer.StartAsync(new ScriptedVerifier());
        await using var mesh = await OrchestratorMesh.StartAsync(
            denoiser.Address, [("brightness", verifier.Address)], [$"--Orchestrator:Database={moved}"]);
        var spec = OrchestratorMesh.Spec();
        spec.MaxDuration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromMinutes(5));

        // What the database said is known later by the time that its answer took.
        var answer = TimeSpan.FromMinutes(1);
        var before = DateTimeOffset.UtcNow.AddHours(hours) - answer;
        var search = await mesh.RunAsync(spec);
        var after = DateTimeOffset.UtcNow.AddHours(hours);

        Assert.Equal((SearchState.Succeeded, StopReason.BudgetSpent, ""), (search.State, search.StopReason, search.Error));
        Assert.InRange(search.CreateTime.ToDateTimeOffset(), before, after);
        Assert.InRange(search.EndTime.ToDateTimeOffset(), search.CreateTime.ToDateTimeOffset(), after);
        Assert.InRange(search.Ledger.WallSeconds, 0, (after - before).TotalSeconds);
    }
}
