using DiffusionMesh.Orchestrator;
using DiffusionMesh.ServiceDefaults;

return await HostRun.RunAsync(() => OrchestratorHost.Build(args));
