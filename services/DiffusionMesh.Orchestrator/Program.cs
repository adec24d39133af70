using DiffusionMesh.Orchestrator;

await OrchestratorHost.Build(args).RunAsync();
