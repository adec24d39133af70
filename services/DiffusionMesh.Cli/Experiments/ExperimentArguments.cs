namespace DiffusionMesh.Cli.Experiments;

/// <param name="File">The experiment file.</param>
/// <param name="Output">Folder for the results; null for one named after the experiment.</param>
/// <param name="Store">Folder of the finished runs; null for the folder of the results.</param>
/// <param name="Target">Address of an orchestrator; null to start the services.</param>
/// <param name="DryRun">Whether to say what would be run and stop there.</param>
internal sealed record ExperimentArguments(string File, string? Output, string? Store, string? Target, bool DryRun);
