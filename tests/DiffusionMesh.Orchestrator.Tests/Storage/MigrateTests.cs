using DiffusionMesh.Orchestrator.Storage.Postgres;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

public sealed class MigrateTests
{
    [Theory]
    [InlineData("migrate --Orchestrator:Database=a", "--Orchestrator:Database=a")]
    [InlineData("--Orchestrator:Database=a migrate", "--Orchestrator:Database=a")]
    [InlineData("--Orchestrator:Database a migrate --b=c", "--Orchestrator:Database a --b=c")]
    [InlineData("migrate", "")]
    public void Word_WhereverItStands_AsksForIt(string line, string rest)
    {
        Assert.True(Migrate.TryRead(line.Split(' '), out var settings));
        Assert.Equal(rest, string.Join(' ', settings));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--Orchestrator:Database=migrate")]
    [InlineData("--Orchestrator:Database migrate")]
    [InlineData("--migrate")]
    public void Word_ThatIsTheValueOfAnOptionOrNotThere_DoesNot(string line) => Assert.False(Migrate.TryRead(line.Split(' '), out _));
}
