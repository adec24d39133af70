namespace Grpc.Core;

/// <summary>What a call made on behalf of another takes from it.</summary>
public class ContextPropagationOptions
{
    /// <summary>Deadline and cancellation are both taken.</summary>
    public static readonly ContextPropagationOptions Default = new();

    /// <summary>Chooses what is taken.</summary>
    public ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
    {
        IsPropagateDeadline = propagateDeadline;
        IsPropagateCancellation = propagateCancellation;
    }

    /// <summary>Whether the deadline is taken. Default: true.</summary>
    public bool IsPropagateDeadline { get; }

    /// <summary>Whether cancellation is taken. Default: true.</summary>
    public bool IsPropagateCancellation { get; }
}
