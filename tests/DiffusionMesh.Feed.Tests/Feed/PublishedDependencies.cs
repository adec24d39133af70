using System.Xml.Linq;

namespace DiffusionMesh.Feed.Tests.Feed;

/// <summary>What published packages ask for, as their own descriptions say.</summary>
internal static class PublishedDependencies
{
    /// <summary>Dependencies of a package for .NET 10; empty if its description is not on this machine.</summary>
    public static IReadOnlyList<(string Id, Version Least)> Of(string id, string version)
    {
        var folder = Path.Combine(Surroundings.NuGetPackageRoot, id.ToLowerInvariant(), version);
        var description = Path.Combine(folder, $"{id.ToLowerInvariant()}.nuspec");
        if (!File.Exists(description))
        {
            return [];
        }

        var document = XDocument.Load(description);
        var groups = document.Descendants().Where(element => element.Name.LocalName == "group").ToList();
        var best = groups.Find(group => group.Attribute("targetFramework")?.Value == "net10.0") ?? groups.LastOrDefault();
        return
        [
            .. from dependency in best?.Elements() ?? []
               where dependency.Name.LocalName == "dependency"
               select (dependency.Attribute("id")!.Value, Parse(dependency.Attribute("version")!.Value)),
        ];
    }

    public static Version Parse(string version) => Version.Parse(version.Trim('[', ']', '(', ')', ' ').Split(',', '-')[0]);
}
