using System.Security.Authentication;

namespace DiffusionMesh.Transport;

/// <summary>A server did not prove that it is the one that is called; the message says why, in words for a person.</summary>
public sealed class ServerNotProvenException(string message) : AuthenticationException(message);
