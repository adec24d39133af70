using System.Collections.Frozen;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;
using Google.Protobuf.Reflection;
using Grpc.Reflection.V1;

namespace DiffusionMesh.ServiceDefaults.Security;

/// <summary>What tokens allow, and the one place that says which calls need what. A call that is not here is refused.</summary>
public static class Scopes
{
    /// <summary>Samples and searches; of searches, those of the token's tenant.</summary>
    public const string Search = "search";

    /// <summary>Scores images and takes their features.</summary>
    public const string Score = "score";

    /// <summary>Everything, the searches of every tenant and the models of denoisers among it.</summary>
    public const string Admin = "admin";

    /// <summary>No token: probes have none, and what a host serves is public with its contracts.</summary>
    public const string None = "none";

    private static readonly (ServiceDescriptor Service, string Scope)[] All =
    [
        (SearchService.Descriptor, Search),
        (DenoiserService.Descriptor, Search),
        (ModelAdminService.Descriptor, Admin),
        (VerifierService.Descriptor, Score),
        (FeatureService.Descriptor, Score),
        (Grpc.Health.V1.Health.Descriptor, None),
        (ServerReflection.Descriptor, None),
    ];

    private static readonly FrozenDictionary<string, string> ByMethod = All
        .SelectMany(service => service.Service.Methods.Select(method => ($"/{service.Service.FullName}/{method.Name}", service.Scope)))
        .ToFrozenDictionary(method => method.Item1, method => method.Scope, StringComparer.Ordinal);

    /// <summary>Names of the scopes that a token can have.</summary>
    public static IReadOnlyList<string> Known { get; } = [Search, Score, Admin];

    /// <summary>Services by full name, and the scope that each of their calls needs.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Services => All.Select(service => KeyValuePair.Create(service.Service.FullName, service.Scope));

    /// <summary>The scope that a call needs, or null if it is not known.</summary>
    /// <param name="method">For example <c>/diffusionmesh.search.v1.SearchService/GetSearch</c>.</param>
    public static string? Of(string method) => ByMethod.GetValueOrDefault(method);
}
