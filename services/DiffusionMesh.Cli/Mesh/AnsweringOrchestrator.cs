using DiffusionMesh.Transport;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace DiffusionMesh.Cli.Mesh;

/// <summary>Finds, of several orchestrators, one that answers.</summary>
/// <remarks>
/// A process that stands still has its connections accepted for ever, by its system: a channel that goes by connections alone
/// stays with it.
/// </remarks>
internal static class AnsweringOrchestrator
{
    private const string List = $"{MeshAddress.List}:///";

    // A busy one answers in time.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    /// <param name="target">As given to <see cref="MeshChannel.Open"/>.</param>
    /// <returns>A channel that begins with the first that is ready to serve; null if none is, or the target is no list.</returns>
    public static async Task<GrpcChannel?> FindAsync(string target, CancellationToken cancellationToken)
    {
        var hosts = target.StartsWith(List, StringComparison.Ordinal) ? target[List.Length..].Split(',') : [];
        for (var i = 0; i < hosts.Length && hosts.Length > 1; i++)
        {
            var channel = MeshChannel.Open($"{List}{string.Join(',', [.. hosts[i..], .. hosts[..i]])}");
            if (await IsReadyAsync(channel, cancellationToken))
            {
                return channel;
            }

            channel.Dispose();
        }

        return null;
    }

    private static async Task<bool> IsReadyAsync(GrpcChannel channel, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await new Health.HealthClient(channel).CheckAsync(
                new HealthCheckRequest(), deadline: DateTime.UtcNow + AnswerTime, cancellationToken: cancellationToken);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
