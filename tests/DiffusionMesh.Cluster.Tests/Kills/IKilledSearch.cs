using DiffusionMesh.Cluster.Tests.Mesh;

namespace DiffusionMesh.Cluster.Tests.Kills;

/// <summary>Runs one search again and again; its orchestrator dies at one write to the journal, and another one goes on with it.</summary>
internal interface IKilledSearch : IAsyncDisposable
{
    /// <summary>Runs it undisturbed.</summary>
    /// <returns>What it found, and how often its journal was written to.</returns>
    Task<(Answer Answer, int Writes)> UndisturbedAsync();

    /// <param name="write">From 1; null for the one that ends the search.</param>
    /// <param name="moment">Of the write: the storage's own word.</param>
    /// <returns>Null if the search had fewer writes this time.</returns>
    Task<Answer?> KilledAsync(int? write, string moment);
}
