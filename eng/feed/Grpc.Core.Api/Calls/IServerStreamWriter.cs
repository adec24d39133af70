namespace Grpc.Core;

/// <summary>The responses of a streaming server. They end when the handler does.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>
{
}
