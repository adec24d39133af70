using Google.Protobuf.Reflection;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Fuzzing;

/// <summary>Calls any method with any bytes.</summary>
internal static class RawCall
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(bytes => bytes, bytes => bytes);

    /// <summary>Makes a call and waits for its end, or for the first answer of a stream: watches go on for ever.</summary>
    /// <returns>Null if it was answered, else how it failed.</returns>
    public static async Task<RpcException?> FailureAsync(CallInvoker invoker, MethodDescriptor method, byte[] message, TimeSpan limit)
    {
        var type = method.IsClientStreaming ? MethodType.DuplexStreaming : method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var call = new Method<byte[], byte[]>(type, method.Service.FullName, method.Name, Raw, Raw);
        var options = new CallOptions(deadline: DateTime.UtcNow + limit);
        try
        {
            switch (type)
            {
                case MethodType.Unary:
                    await invoker.AsyncUnaryCall(call, null, options, message);
                    break;

                case MethodType.ServerStreaming:
                    using (var stream = invoker.AsyncServerStreamingCall(call, null, options, message))
                    {
                        await stream.ResponseStream.MoveNext(CancellationToken.None);
                    }

                    break;

                default:
                    using (var duplex = invoker.AsyncDuplexStreamingCall(call, null, options))
                    {
                        await duplex.RequestStream.WriteAsync(message);
                        await duplex.RequestStream.CompleteAsync();
                        await duplex.ResponseStream.MoveNext(CancellationToken.None);
                    }

                    break;
            }

            return null;
        }
        catch (RpcException error)
        {
            return error;
        }
    }
}
