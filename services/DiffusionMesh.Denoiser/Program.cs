using DiffusionMesh.Denoiser;

DenoiserHost.Build(args).Run();
