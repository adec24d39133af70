using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;
using Grpc.Core;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Asks verifiers what they are that only the search's user knows, so that the report can show their scores.</summary>
internal static class ForeignVerifiers
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    /// <summary>Adds what they say to what the services say. One that cannot be reached from here is left out.</summary>
    public static async Task AddAsync(DescribeMeshResponse mesh, IEnumerable<VerifierSelection> verifiers, CancellationToken cancellationToken)
    {
        foreach (var (name, address) in verifiers.Where(verifier => verifier.Address.Length > 0).Select(verifier => (verifier.Name, verifier.Address)))
        {
            foreach (var configured in mesh.Verifiers.Where(status => status.Name == name).ToArray())
            {
                mesh.Verifiers.Remove(configured);
            }

            try
            {
                using var channel = MeshChannel.Open(address, "--verifier", withToken: false);
                var answer = await new VerifierService.VerifierServiceClient(channel).DescribeAsync(
                    new DescribeRequest(), deadline: DateTime.UtcNow + AnswerTime, cancellationToken: cancellationToken);
                mesh.Verifiers.Add(new VerifierStatus { Name = name, Address = address, Verifier = answer.Verifier });
            }
            catch (Exception error) when (error is CommandFailure or RpcException && !cancellationToken.IsCancellationRequested)
            {
                mesh.Verifiers.Add(new VerifierStatus { Name = name, Address = address, Error = error.Message });
            }
        }
    }
}
