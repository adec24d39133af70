using DiffusionMesh.Contracts;
using DiffusionMesh.ServiceDefaults.Limits;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.ServiceDefaults.Security;

/// <summary>Lets calls in: by someone who may make them, and not too many at once. Nothing of a refused call is read.</summary>
internal sealed class CallAdmission(RequestDelegate next, TokenList tokens, CallCounts counts, IOptions<SecurityOptions> options)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method is not { } method)
        {
            await next(http);
            return;
        }

        try
        {
            var caller = Admit(http, method.FullName);
            http.Features.Set(caller);
            using var place = counts.Enter(KeyOf(caller, http), isStream: method.Type is not MethodType.Unary);
            await next(http);
            if (IsUnread(http.Response))
            {
                Refuse(http.Response, RpcErrors.Create(StatusCode.InvalidArgument, $"the bytes sent are no {method.Name} request: the message cannot be read"));
            }
        }
        catch (RpcException refusal) when (!http.Response.HasStarted)
        {
            Refuse(http.Response, refusal);
            CallMetrics.Record(method.FullName, refusal.StatusCode, TimeSpan.Zero);
        }
    }

    private Caller Admit(HttpContext http, string method)
    {
        var scope = Scopes.Of(method);
        if (options.Value.HealthPort > 0 && http.Connection.LocalPort == options.Value.HealthPort && !method.StartsWith("/grpc.health.", StringComparison.Ordinal))
        {
            throw RpcErrors.PermissionDenied("HEALTH_ONLY", $"port {options.Value.HealthPort} answers health checks only");
        }

        if (!tokens.IsAny || scope == Scopes.None)
        {
            return Caller.Anyone;
        }

        var token = Presented(http) is { Length: > 0 } presented ? tokens.Find(presented) : null;
        if (token is null)
        {
            throw http.Request.Headers.Authorization.Count == 0
                ? RpcErrors.Unauthenticated(
                    RpcErrors.TokenRequiredReason,
                    $"this call needs a token with the scope {scope ?? Scopes.Admin}: send it as the header 'authorization: Bearer TOKEN'",
                    ("scope", scope ?? Scopes.Admin))
                : RpcErrors.Unauthenticated(RpcErrors.TokenUnknownReason, "the token is not one of this server's");
        }

        return scope is not null && token.Allows(scope)
            ? token.Caller
            : throw RpcErrors.PermissionDenied(
                RpcErrors.ScopeMissingReason, $"this call needs the scope {scope ?? Scopes.Admin}, which the token has not", ("scope", scope ?? Scopes.Admin));
    }

    private static string? Presented(HttpContext http) =>
        http.Request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;

    // Callers without a tenant of their own are told apart by where they call from.
    private static string KeyOf(Caller caller, HttpContext http) =>
        caller.Tenant.Length > 0 ? $"tenant {caller.Tenant}" : $"address {http.Connection.RemoteIpAddress}";

    // What a service throws has a status of its own by then. UNKNOWN is left for bytes that are no message at all.
    private static bool IsUnread(HttpResponse response) => !response.HasStarted && response.Headers.GrpcStatus == $"{(int)StatusCode.Unknown}";

    // A status without a message: headers only, as gRPC over HTTP/2 has it.
    private static void Refuse(HttpResponse response, RpcException refusal)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers.GrpcStatus = $"{(int)refusal.StatusCode}";
        response.Headers.GrpcMessage = Uri.EscapeDataString(refusal.Status.Detail);
        if (refusal.Trailers.GetValueBytes(RpcErrors.DetailsTrailer) is { } details)
        {
            response.Headers[RpcErrors.DetailsTrailer] = Convert.ToBase64String(details);
        }
    }
}
