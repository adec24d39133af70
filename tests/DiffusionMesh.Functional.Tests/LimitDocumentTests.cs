using DiffusionMesh.Denoiser;
using DiffusionMesh.Orchestrator;
using DiffusionMesh.Verifiers;

namespace DiffusionMesh.Functional.Tests;

/// <summary>The table of limits in docs/security.md.</summary>
public sealed class LimitDocumentTests
{
    // They bound what hosts do, not what clients ask for.
    private static readonly string[] Inner = ["Denoiser:MaxBatchRows", "Verifier:MaxNetworkRows", "Orchestrator:MaxWastedPercent"];

    public static TheoryData<Type, string> Options => new()
    {
        { typeof(DenoiserOptions), "Denoiser" },
        { typeof(VerifierOptions), "Verifier" },
        { typeof(OrchestratorOptions), "Orchestrator" },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Document_Limits_AreAllListed(Type options, string section)
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "security.md"));
        var limits = options.GetProperties().Select(property => $"{section}:{property.Name}").Where(name => name.StartsWith($"{section}:Max", StringComparison.Ordinal));

        Assert.All(limits.Except(Inner), limit => Assert.Contains($"`{limit}`", document, StringComparison.Ordinal));
    }
}
