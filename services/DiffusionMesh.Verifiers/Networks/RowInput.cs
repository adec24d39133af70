namespace DiffusionMesh.Verifiers.Networks;

/// <summary>The input of a network over rows.</summary>
/// <param name="Name">Name in the network.</param>
/// <param name="Shape">Of one row.</param>
internal sealed record RowInput(string Name, params long[] Shape);
