using DiffusionMesh.Cli.CommandLine;

return await DmeshCommand.RunAsync(args);
