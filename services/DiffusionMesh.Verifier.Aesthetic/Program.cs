using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Verifier.Aesthetic;

return await HostRun.RunAsync(() => AestheticVerifierHost.Build(args));
