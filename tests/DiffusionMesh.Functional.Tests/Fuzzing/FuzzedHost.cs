using DiffusionMesh.Contracts;
using DiffusionMesh.ServiceDefaults.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.Functional.Tests.Fuzzing;

/// <summary>Sends every call of every service of a host messages that nobody wrote. Services are found by their descriptors.</summary>
/// <param name="host">The host.</param>
/// <param name="good">Requests that the host accepts: they are sent with a fault or two, too.</param>
internal sealed class FuzzedHost(RunningHost host, params IMessage[] good)
{
    // Longer than anything that the hosts' small limits allow to take.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly ILookup<MessageDescriptor, IMessage> _good = good.ToLookup(message => message.Descriptor);

    /// <summary>How often each call is made in a run; more by the variable DMESH_FUZZ_ROUNDS.</summary>
    public static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("DMESH_FUZZ_ROUNDS"), out var rounds) ? rounds : 20;

    /// <summary>Another sequence by the variable DMESH_FUZZ_SEED.</summary>
    public static int Seed => int.TryParse(Environment.GetEnvironmentVariable("DMESH_FUZZ_SEED"), out var seed) ? seed : 1;

    /// <summary>How often a status was answered.</summary>
    public Dictionary<StatusCode, int> Answers { get; } = [];

    /// <summary>Length of all requests so far.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Makes the calls.</summary>
    /// <returns>What went wrong: the call, its seed and how it ended.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(int seed)
    {
        var wrong = new List<string>();
        var services = host.App.Services.GetRequiredService<ServiceDescriptors>();
        var methods = services.Names
            .SelectMany(name => services.FileContaining(name)!.Services.Single(service => service.FullName == name).Methods)
            .ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var method in methods)
            {
                var random = new Random(HashCode(seed, round, method.FullName));
                var request = Request(method.InputType, random);
                BytesSent += request.Length;
                var error = await RawCall.FailureAsync(host.Channel.CreateCallInvoker(), method, request, Hang);
                var code = error?.StatusCode ?? StatusCode.OK;
                Answers[code] = Answers.GetValueOrDefault(code) + 1;
                if (Fault(error) is { } fault)
                {
                    wrong.Add($"{method.FullName} seed {seed} round {round}: {fault}");
                }
            }
        }

        var health = await new Health.HealthClient(host.Channel).CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow + Hang);
        if (health.Status != ServingStatus.Serving)
        {
            wrong.Add($"the host is {health.Status} afterwards");
        }

        return wrong;
    }

    private byte[] Request(MessageDescriptor type, Random random)
    {
        var fuzzer = new MessageFuzzer(random);
        var known = _good[type].ToArray();
        var message = known.Length > 0 && random.Next(3) > 0 ? fuzzer.Mutate(known[random.Next(known.Length)]) : fuzzer.Create(type);
        var bytes = message.ToByteArray();
        return random.Next(4) == 0 ? WireFuzzer.Spoil(bytes, random) : bytes;
    }

    // A client that is told it is wrong has to be told where; all else is a fault of the host.
    private static string? Fault(RpcException? error) => error?.StatusCode switch
    {
        null
            or StatusCode.NotFound or StatusCode.AlreadyExists or StatusCode.FailedPrecondition or StatusCode.PermissionDenied
            or StatusCode.ResourceExhausted or StatusCode.Unimplemented => null,
        StatusCode.InvalidArgument when RpcErrors.Detail<BadRequest>(error) is { FieldViolations.Count: > 0 } || IsUnreadable(error) => null,
        _ => $"{error.StatusCode} {error.Status.Detail}",
    };

    private static bool IsUnreadable(RpcException error) => error.Status.Detail.StartsWith("the bytes sent are no ", StringComparison.Ordinal);

    // The same in every process.
    private static int HashCode(int seed, int round, string method) =>
        method.Aggregate((seed * 1_000_003) + (round * 7919), (hash, character) => unchecked((hash * 31) + character));
}
