using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Verifier.Dino;

return await HostRun.RunAsync(() => DinoVerifierHost.Build(args));
