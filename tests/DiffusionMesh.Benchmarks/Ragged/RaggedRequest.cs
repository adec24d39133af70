namespace DiffusionMesh.Benchmarks.Ragged;

/// <summary>One image that somebody asks for.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Arrival">After the beginning.</param>
/// <param name="Steps">Of its trajectory.</param>
/// <param name="IsPruned">Whether it is given up half-way.</param>
internal sealed record RaggedRequest(int Number, TimeSpan Arrival, int Steps, bool IsPruned)
{
    /// <summary>Steps that are of use to whoever asked.</summary>
    public int UsefulSteps => IsPruned ? Steps / 2 : Steps;
}
