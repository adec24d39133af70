using DiffusionMesh.Tests;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>A fact that needs kubectl: skipped where it is missing, except in continuous integration.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute() => Skip = OutsideCi.Skip(IsMissing, "kubectl is not installed");

    internal static bool IsMissing { get; } = !IsInstalled("kubectl");

    internal static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? $"{program}.exe" : program)));
}
