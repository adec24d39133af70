using Grpc.Core;

namespace DiffusionMesh.ServiceDefaults.Security;

/// <summary>Who makes a call.</summary>
/// <param name="Tenant">Whose searches it sees; empty where callers are not told apart.</param>
/// <param name="IsAdmin">Whether it sees those of all tenants.</param>
public sealed record Caller(string Tenant, bool IsAdmin)
{
    /// <summary>Everyone, where no tokens are configured.</summary>
    public static Caller Anyone { get; } = new("", IsAdmin: true);

    /// <summary>Who makes this call.</summary>
    public static Caller Of(ServerCallContext context) =>
        context.GetHttpContext().Features.Get<Caller>() ?? Anyone;
}
