using System.Collections.Frozen;
using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;

namespace DiffusionMesh.ServiceDefaults.Reflection;

/// <summary>Descriptors of every gRPC service that this host maps, and of the files they come from.</summary>
internal sealed class ServiceDescriptors
{
    private readonly Lazy<FrozenDictionary<string, ServiceDescriptor>> _services;
    private readonly Lazy<FrozenDictionary<string, FileDescriptor>> _files;

    public ServiceDescriptors(EndpointDataSource endpoints)
    {
        // Read when first asked for: endpoints are complete only once the host has mapped them all.
        _services = new(() => Mapped(endpoints).ToFrozenDictionary(service => service.FullName, StringComparer.Ordinal));
        _files = new(() => Files().ToFrozenDictionary(file => file.Name, StringComparer.Ordinal));
    }

    /// <summary>Full names of the services, in order.</summary>
    public IEnumerable<string> Names => _services.Value.Keys.Order(StringComparer.Ordinal);

    /// <summary>The file of a name, or null.</summary>
    public FileDescriptor? File(string name) => _files.Value.GetValueOrDefault(name);

    /// <summary>The file that defines a service, method, message or enum, or null.</summary>
    public FileDescriptor? FileContaining(string symbol) =>
        _files.Value.Values.FirstOrDefault(file => Symbols(file).Contains(symbol, StringComparer.Ordinal));

    private static IEnumerable<ServiceDescriptor> Mapped(EndpointDataSource endpoints) => endpoints.Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
        .OfType<Type>()
        .Distinct()
        .Select(Descriptor)
        .OfType<ServiceDescriptor>();

    // The generated base class names the static class that holds the descriptor.
    private static ServiceDescriptor? Descriptor(Type? service)
    {
        for (; service is not null; service = service.BaseType)
        {
            if (service.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } binding)
            {
                return binding.BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as ServiceDescriptor;
            }
        }

        return null;
    }

    private static IEnumerable<string> Symbols(FileDescriptor file) =>
    [
        .. file.Services.SelectMany(service => service.Methods.Select(method => method.FullName).Prepend(service.FullName)),
        .. file.EnumTypes.Select(type => type.FullName),
        .. file.MessageTypes.SelectMany(Symbols),
    ];

    private static IEnumerable<string> Symbols(MessageDescriptor message) =>
    [
        message.FullName,
        .. message.EnumTypes.Select(type => type.FullName),
        .. message.NestedTypes.SelectMany(Symbols),
    ];

    private List<FileDescriptor> Files()
    {
        var found = new List<FileDescriptor>();
        var open = new Queue<FileDescriptor>(_services.Value.Values.Select(service => service.File));
        while (open.TryDequeue(out var file))
        {
            if (!found.Contains(file))
            {
                found.Add(file);
                foreach (var dependency in file.Dependencies)
                {
                    open.Enqueue(dependency);
                }
            }
        }

        return found;
    }
}
