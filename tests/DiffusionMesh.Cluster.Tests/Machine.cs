using System.ComponentModel;
using DiffusionMesh.Tests;

namespace DiffusionMesh.Cluster.Tests;

/// <summary>What this machine lacks for a cluster.</summary>
internal static class Machine
{
    private static readonly string[] Tools = ["ip", "unshare", "tc", "nft", "dnsmasq", "setpriv", "gcc"];

    private static readonly Lazy<string?> Missing = new(Find);

    /// <summary>Why tests on a cluster are skipped; null if they run.</summary>
    public static string? Skip => OutsideCi.Skip(Missing.Value is not null, Missing.Value ?? "");

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return "network namespaces need root on Linux";
        }

        var path = Environment.GetEnvironmentVariable("PATH")!.Split(':').Append("/usr/sbin").ToArray();
        if (Tools.FirstOrDefault(tool => !path.Any(folder => File.Exists(Path.Combine(folder, tool)))) is { } missing)
        {
            return $"{missing} is missing";
        }

        if (!Directory.Exists("/usr/lib/postgresql"))
        {
            return "PostgreSQL is missing";
        }

        if (!File.Exists(Failures.Clock.Library))
        {
            return "libfaketime is missing";
        }

        try
        {
            var probe = $"dm-probe-{Environment.ProcessId}";
            Tool.RunAsync("ip", ["netns", "add", probe]).Wait();
            Tool.RunAsync("ip", ["netns", "del", probe]).Wait();
            return null;
        }
        catch (Exception e) when (e is AggregateException or Win32Exception)
        {
            return $"network namespaces cannot be made: {e.InnerException?.Message}";
        }
    }
}
