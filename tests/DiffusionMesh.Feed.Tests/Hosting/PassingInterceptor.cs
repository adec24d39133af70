using Grpc.Core.Interceptors;

namespace DiffusionMesh.Feed.Tests.Hosting;

/// <summary>Overrides nothing.</summary>
internal sealed class PassingInterceptor : Interceptor;
