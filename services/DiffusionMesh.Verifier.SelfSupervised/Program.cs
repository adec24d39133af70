using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Verifier.SelfSupervised;

return await HostRun.RunAsync(() => SelfSupervisedVerifierHost.Build(args));
