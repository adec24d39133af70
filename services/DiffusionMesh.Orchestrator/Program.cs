using DiffusionMesh.Orchestrator;
using DiffusionMesh.Orchestrator.Storage.Postgres;
using DiffusionMesh.ServiceDefaults;

return args is ["migrate", .. var settings]
    ? await Migrate.RunAsync(settings)
    : await HostRun.RunAsync(() => OrchestratorHost.Build(args));
