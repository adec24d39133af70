namespace DiffusionMesh.Search.Running;

/// <summary>The search cannot go on. The message is for users.</summary>
internal sealed class SearchFailedException(string message) : Exception(message);
