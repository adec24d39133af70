namespace Grpc.Core;

/// <summary>Ties a call to the server call on whose behalf it is made. Only a server makes one.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }
}
