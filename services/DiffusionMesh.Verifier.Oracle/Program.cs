using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Verifier.Oracle;

return await HostRun.RunAsync(() => OracleVerifierHost.Build(args));
