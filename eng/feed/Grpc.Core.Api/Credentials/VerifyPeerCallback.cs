namespace Grpc.Core;

/// <summary>Checks a server beyond what TLS checks; true to go on.</summary>
public delegate bool VerifyPeerCallback(VerifyPeerContext context);
