namespace Grpc.Core;

/// <summary>Adds what authorizes a call, such as a bearer token, to the headers the call will send.</summary>
public delegate Task AsyncAuthInterceptor(AuthInterceptorContext context, Metadata metadata);
