using DiffusionMesh.Benchmarks;
using DiffusionMesh.Benchmarks.Hosts;

return args is [StandInHosts.Command, var host, .. var arguments]
    ? await StandInHosts.RunAsync(host, arguments)
    : await BenchmarkCommands.All.Parse(args).InvokeAsync();
