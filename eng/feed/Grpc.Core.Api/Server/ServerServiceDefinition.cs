using System.ComponentModel;

namespace Grpc.Core;

/// <summary>A service's methods with their handlers.</summary>
public sealed partial class ServerServiceDefinition
{
    private readonly Action<ServiceBinderBase>[] _methods;

    private ServerServiceDefinition(Action<ServiceBinderBase>[] methods) => _methods = methods;

    /// <summary>Starts a definition.</summary>
    public static Builder CreateBuilder() => new();

    /// <summary>Tells a binder all methods, in the order in which they were added.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void BindService(ServiceBinderBase serviceBinder)
    {
        foreach (var bind in _methods)
        {
            bind(serviceBinder);
        }
    }
}
