using System.Collections.Immutable;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>What is served at one moment.</summary>
/// <param name="Ready">In the order in which they were loaded.</param>
/// <param name="Failed">Reasons of what could not be loaded at the start, by folder.</param>
internal sealed record ModelShelf(ImmutableArray<ServedModel> Ready, ImmutableSortedDictionary<string, string> Failed)
{
    /// <summary>Names that a request can use.</summary>
    public IEnumerable<string> Names => Ready.Select(served => served.Name).Distinct(StringComparer.Ordinal)
        .SelectMany(name => Versions(name) is [_, _, ..] versions ? [name, .. versions.Select(served => $"{name}@{served.Version}")] : (string[])[name]);

    /// <summary>All versions of a name, the one that was loaded last at the end.</summary>
    public ImmutableArray<ServedModel> Versions(string name) => Ready.RemoveAll(served => served.Name != name);

    /// <param name="name"><c>name</c>, which is the version that was loaded last, or <c>name@version</c>.</param>
    /// <param name="digest">Chooses among the versions of a bare name; may be empty.</param>
    public ServedModel? Find(string name, string digest = "")
    {
        var at = name.LastIndexOf('@');
        if (at > 0)
        {
            return Versions(name[..at]).FirstOrDefault(served => served.Version == name[(at + 1)..]);
        }

        var versions = Versions(name);
        return versions.FirstOrDefault(served => served.Model.Digest == digest) ?? versions.LastOrDefault();
    }
}
