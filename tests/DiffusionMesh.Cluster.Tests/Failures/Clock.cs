using DiffusionMesh.Cluster.Tests.Cluster;

namespace DiffusionMesh.Cluster.Tests.Failures;

/// <summary>What time it is for a process that libfaketime is loaded into.</summary>
internal static class Clock
{
    public const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    /// <summary>What a pod is to be started with.</summary>
    public static IEnumerable<string> Of(RunningCluster cluster, Pod pod)
    {
        Move(cluster, pod, "+0");
        return
        [
            $"LD_PRELOAD={Library}",
            $"FAKETIME_TIMESTAMP_FILE={File(cluster, pod)}",
            "FAKETIME_CACHE_DURATION=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
        ];
    }

    /// <param name="offset">From now, for example +1d.</param>
    public static void Move(RunningCluster cluster, Pod pod, string offset) => System.IO.File.WriteAllText(File(cluster, pod), $"{offset}\n");

    private static string File(RunningCluster cluster, Pod pod) => Path.Combine(cluster.FolderPath, $"clock-{pod.Name}");
}
