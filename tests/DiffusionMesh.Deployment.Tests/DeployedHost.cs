using System.Reflection;
using DiffusionMesh.Denoiser;
using DiffusionMesh.Orchestrator;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.ServiceDefaults.Draining;
using DiffusionMesh.Verifier.Aesthetic;
using DiffusionMesh.Verifier.Clip;
using DiffusionMesh.Verifier.Dino;
using DiffusionMesh.Verifier.Oracle;
using DiffusionMesh.Verifier.SelfSupervised;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>A host as the deployment files see it: the services it maps and the settings it reads.</summary>
internal sealed class DeployedHost(string project, Func<string[], WebApplication> build)
{
    /// <summary>Hosts by the name that compose and Kubernetes give them.</summary>
    public static IReadOnlyDictionary<string, DeployedHost> All { get; } = new Dictionary<string, DeployedHost>
    {
        ["denoiser"] = new("DiffusionMesh.Denoiser", DenoiserHost.Build),
        ["verifier-clip"] = new("DiffusionMesh.Verifier.Clip", ClipVerifierHost.Build),
        ["verifier-dino"] = new("DiffusionMesh.Verifier.Dino", DinoVerifierHost.Build),
        ["verifier-aesthetic"] = new("DiffusionMesh.Verifier.Aesthetic", AestheticVerifierHost.Build),
        ["verifier-self-supervised"] = new("DiffusionMesh.Verifier.SelfSupervised", SelfSupervisedVerifierHost.Build),
        ["verifier-oracle"] = new("DiffusionMesh.Verifier.Oracle", OracleVerifierHost.Build),
        ["verifier-oracle-fid"] = new("DiffusionMesh.Verifier.Oracle", OracleVerifierHost.Build),
        ["orchestrator"] = new("DiffusionMesh.Orchestrator", OrchestratorHost.Build),
    };

    // Read by .NET and OpenTelemetry themselves.
    private static readonly string[] Standard = ["ASPNETCORE_HTTP_PORTS", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_RESOURCE_ATTRIBUTES"];

    public string Project => project;

    /// <summary>Full names of the gRPC services that it maps.</summary>
    public async Task<IReadOnlyList<string>> ServicesAsync()
    {
        await using var app = build([]);
        return
        [
            .. ((IEndpointRouteBuilder)app).DataSources
                .SelectMany(source => source.Endpoints)
                .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.ServiceName)
                .OfType<string>()
                .Distinct(),
        ];
    }

    /// <summary>Whether it reads a setting, written as an environment variable: <c>Section__Property</c>.</summary>
    public bool Reads(string variable)
    {
        if (Standard.Contains(variable))
        {
            return true;
        }

        return variable.Split("__") switch
        {
            [var name] => Find(typeof(ServiceDefaultsOptions), name) is not null || Find(typeof(DrainOptions), name) is not null,
            [var section, var name] => Options(section).Any(type => Find(type, name) is not null),
            [var section, var name, _] => Options(section).Any(type => Find(type, name)?.PropertyType == typeof(Dictionary<string, string>)),
            _ => false,
        };
    }

    /// <summary>Checks values as the host does when it starts.</summary>
    /// <exception cref="OptionsValidationException">The host would refuse to start.</exception>
    public async Task ValidateAsync(IEnumerable<KeyValuePair<string, string>> environment)
    {
        await using var app = Build(environment);
        app.Services.GetRequiredService<IStartupValidator>().Validate();
    }

    /// <summary>How long it takes at most to stop.</summary>
    public async Task<TimeSpan> StopsWithinAsync()
    {
        await using var app = build([]);
        var grace = app.Services.GetService<IOptions<OrchestratorOptions>>() is { } orchestrator
            ? TimeSpan.FromSeconds(orchestrator.Value.ShutdownSeconds)
            : TimeSpan.Zero;
        return grace + app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
    }

    /// <summary>Builds it with such an environment, on a free port.</summary>
    public WebApplication Build(IEnumerable<KeyValuePair<string, string>> environment) =>
        build([.. environment.Select(variable => $"--{variable.Key.Replace("__", ":", StringComparison.Ordinal)}={variable.Value}"), "--urls=http://127.0.0.1:0"]);

    private static PropertyInfo? Find(Type type, string property) =>
        type.GetProperty(property, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);

    // Options of the host and of the libraries that it is made of: those that name their section.
    private IEnumerable<Type> Options(string section) => build.Method.DeclaringType!.Assembly.GetReferencedAssemblies()
        .Where(name => name.Name!.StartsWith("DiffusionMesh.", StringComparison.Ordinal))
        .Select(Assembly.Load)
        .Append(build.Method.DeclaringType.Assembly)
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) is string name
            && name.Equals(section, StringComparison.OrdinalIgnoreCase));
}
