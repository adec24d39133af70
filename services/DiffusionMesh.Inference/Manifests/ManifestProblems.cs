using DiffusionMesh.Diffusion;

namespace DiffusionMesh.Inference.Manifests;

/// <summary>Everything that is wrong with a manifest, each with the path of its field.</summary>
internal sealed class ManifestProblems
{
    private readonly List<string> _problems = [];

    public bool Any => _problems.Count > 0;

    public void Require(bool condition, string field, string otherwise)
    {
        if (!condition)
        {
            _problems.Add($"{field} {otherwise}");
        }
    }

    public void RequireKnown<T>(string field, string name, Catalog<T> catalog)
        where T : INamed =>
        Require(catalog.TryGet(name, out _), field, $"\"{name}\" is unknown; known are: {string.Join(", ", catalog.Names)}");

    public override string ToString() => string.Join("; ", _problems);
}
