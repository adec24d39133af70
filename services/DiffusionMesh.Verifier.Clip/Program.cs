using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Verifier.Clip;

return await HostRun.RunAsync(() => ClipVerifierHost.Build(args));
