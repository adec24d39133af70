using DiffusionMesh.Orchestrator;
using DiffusionMesh.Orchestrator.Storage.Postgres;
using DiffusionMesh.ServiceDefaults;

return Migrate.TryRead(args, out var settings)
    ? await Migrate.RunAsync(settings)
    : await HostRun.RunAsync(() => OrchestratorHost.Build(args));
