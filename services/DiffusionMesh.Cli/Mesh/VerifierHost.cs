using System.Collections.Immutable;
using DiffusionMesh.Cli.CommandLine;

namespace DiffusionMesh.Cli.Mesh;

/// <summary>A verifier that comes with dmesh, as a process of its own.</summary>
/// <param name="Name">What searches call it.</param>
/// <param name="Folder">Its host among those beside dmesh.</param>
/// <param name="Assembly">What is run there.</param>
/// <param name="Arguments">What it is run with.</param>
internal sealed record VerifierHost(string Name, string Folder, string Assembly, params string[] Arguments)
{
    /// <summary>In the order of their ports.</summary>
    public static ImmutableArray<VerifierHost> All { get; } =
    [
        new("clip", "verifier-clip", "DiffusionMesh.Verifier.Clip"),
        new("dino", "verifier-dino", "DiffusionMesh.Verifier.Dino"),
        new("aesthetic", "verifier-aesthetic", "DiffusionMesh.Verifier.Aesthetic"),
        new("self-supervised", "verifier-self-supervised", "DiffusionMesh.Verifier.SelfSupervised"),
        new("oracle", "verifier-oracle", "DiffusionMesh.Verifier.Oracle"),
        new("oracle-fid", "verifier-oracle", "DiffusionMesh.Verifier.Oracle", "--Verifier:Score=fid"),
    ];

    /// <summary>Name of its process, for logs.</summary>
    public string Service => $"verifier-{Name}";

    /// <summary>Those of some names, each once.</summary>
    /// <exception cref="CommandFailure">There is none of a name.</exception>
    public static ImmutableArray<VerifierHost> Named(IEnumerable<string> names) =>
    [
        .. names.Distinct(StringComparer.Ordinal).Select(name => All.FirstOrDefault(host => host.Name == name)
            ?? throw new CommandFailure(ExitCode.BadArguments, $"there is no verifier '{name}'")
            {
                Remedy = $"Known: {string.Join(", ", All.Select(host => host.Name))}. One of your own is named with its address: NAME=http://HOST:PORT",
            }),
    ];
}
