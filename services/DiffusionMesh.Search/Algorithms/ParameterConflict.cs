namespace DiffusionMesh.Search.Algorithms;

/// <summary>Parameters that are each valid but do not go together.</summary>
/// <param name="Name">The parameter to change.</param>
/// <param name="Problem">What is wrong and how to mend it, naming all of them, for the client to read.</param>
public readonly record struct ParameterConflict(string Name, string Problem);
