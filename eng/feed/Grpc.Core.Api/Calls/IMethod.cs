namespace Grpc.Core;

/// <summary>What is known of a remote method without its message types.</summary>
public interface IMethod
{
    /// <summary>Which side streams.</summary>
    MethodType Type { get; }

    /// <summary>Full name of the service, with its package.</summary>
    string ServiceName { get; }

    /// <summary>Name of the method within its service.</summary>
    string Name { get; }

    /// <summary>The path of the method: <c>/service/method</c>.</summary>
    string FullName { get; }
}
