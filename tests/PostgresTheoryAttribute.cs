namespace DiffusionMesh.Tests;

/// <summary>Tests of several cases that need PostgreSQL.</summary>
internal sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.Skip;
}
