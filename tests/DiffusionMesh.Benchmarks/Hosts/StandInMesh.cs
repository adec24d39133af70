using System.Globalization;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;

namespace DiffusionMesh.Benchmarks.Hosts;

/// <summary>The real services with stand-ins for all networks: what remains is what the services cost.</summary>
internal static class StandInMesh
{
    /// <summary>Name of the verifier that costs nothing.</summary>
    public const string Verifier = "free";

    /// <param name="evaluation">What an evaluation takes, however many rows it has.</param>
    public static Task<MeshUnderTest> StartAsync(TimeSpan evaluation, CancellationToken cancellationToken) => MeshUnderTest.StartAsync(
        HostUnderTest.StartStandInAsync(
            StandInHosts.Denoiser,
            [string.Create(CultureInfo.InvariantCulture, $"--{StandInHosts.EvaluationMilliseconds}={evaluation.TotalMilliseconds}")],
            cancellationToken),
        VerifierHosts([], cancellationToken),
        [],
        cancellationToken);

    /// <summary>The verifier that costs nothing, being started.</summary>
    public static Dictionary<string, Task<HostUnderTest>> VerifierHosts(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        new() { [Verifier] = HostUnderTest.StartStandInAsync(StandInHosts.Verifier, arguments, cancellationToken) };

    /// <summary>A random search for so many candidates.</summary>
    public static SearchSpec Search(int candidates, int steps) => new()
    {
        Condition = new Condition { ClassLabel = EmbeddedModel.ClassLabel },
        BudgetNfe = (long)candidates * steps,
        Sampler = "euler",
        Steps = steps,
        Guidance = 1,
        Verifiers = { new VerifierSelection { Name = Verifier } },
    };
}
