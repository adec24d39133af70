using Google.Rpc;
using Grpc.Core;

namespace DiffusionMesh.Contracts;

/// <summary>Collects everything that is wrong with a request, so that a client hears it all at once.</summary>
public sealed class FieldViolations
{
    private readonly BadRequest _details = new();

    /// <summary>Whether anything is wrong so far.</summary>
    public bool Any => _details.FieldViolations.Count > 0;

    /// <summary>How many violations there are.</summary>
    public int Count => _details.FieldViolations.Count;

    /// <summary>Adds a violation.</summary>
    /// <param name="field">Path of the field, for example <c>trajectories[3].start.latent</c>.</param>
    /// <param name="description">What is wrong and what to do about it.</param>
    public void Add(string field, string description) =>
        _details.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = description });

    /// <summary>Adds a violation unless the condition holds.</summary>
    /// <returns>Whether the condition holds.</returns>
    public bool Require(bool condition, string field, string description)
    {
        if (!condition)
        {
            Add(field, description);
        }

        return condition;
    }

    /// <summary>Throws INVALID_ARGUMENT with a <see cref="BadRequest"/> detail if anything is wrong.</summary>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw ToException();
        }
    }

    /// <summary>The INVALID_ARGUMENT that holds all violations.</summary>
    public RpcException ToException()
    {
        var message = string.Join("; ", _details.FieldViolations.Select(violation => $"{violation.Field}: {violation.Description}"));
        return RpcErrors.Create(StatusCode.InvalidArgument, message, _details);
    }
}
