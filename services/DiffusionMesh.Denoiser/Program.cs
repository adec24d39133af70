using DiffusionMesh.Denoiser;
using DiffusionMesh.ServiceDefaults;

return await HostRun.RunAsync(() => DenoiserHost.Build(args));
