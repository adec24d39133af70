using System.Diagnostics;
using System.Runtime.InteropServices;
using DiffusionMesh.Cli.CommandLine;

namespace DiffusionMesh.Cli.Mesh;

/// <summary>Where the hosts lie that were built with the command.</summary>
internal static class HostFiles
{
    /// <summary>Describes how to start a host, in its own folder so that no settings of another folder reach it.</summary>
    /// <exception cref="CommandFailure">The host is missing.</exception>
    public static ProcessStartInfo StartInfo(string name, string assembly)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "hosts", name);
        var library = Path.Combine(folder, $"{assembly}.dll");
        if (!File.Exists(library))
        {
            throw new CommandFailure(ExitCode.Failed, $"the host {library} is missing")
            {
                Remedy = "Build services/DiffusionMesh.Cli: the hosts are built and copied with it.",
            };
        }

        var start = new ProcessStartInfo
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Runtime() is { } runtime)
        {
            start.FileName = runtime;
            start.ArgumentList.Add(library);
        }
        else
        {
            start.FileName = Path.Combine(folder, OperatingSystem.IsWindows() ? $"{assembly}.exe" : assembly);
        }

        return start;
    }

    /// <summary>The runtime that runs this process, so that hosts run on the same one; null if it is a self-contained build.</summary>
    private static string? Runtime()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var root = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..");
        var runtime = Path.GetFullPath(Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(runtime) ? runtime : null;
    }
}
