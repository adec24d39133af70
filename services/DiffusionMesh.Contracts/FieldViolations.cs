using System.Text;
using Google.Rpc;
using Grpc.Core;

namespace DiffusionMesh.Contracts;

/// <summary>Collects everything that is wrong with a request, so that a client hears it all at once.</summary>
/// <remarks>
/// What travels is bounded: details are headers, of which clients of gRPC in other languages accept 8 KiB in all, and what is
/// echoed of a request may be as long as the request.
/// </remarks>
public sealed class FieldViolations
{
    private const int MaxListed = 32;
    private const int MaxFieldLength = 128;
    private const int MaxDescriptionLength = 1024;
    private const int MaxTextBytes = 2048;

    private readonly BadRequest _details = new();
    private int _text;

    /// <summary>Whether anything is wrong so far.</summary>
    public bool Any => Count > 0;

    /// <summary>How many violations there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a violation.</summary>
    /// <param name="field">Path of the field, for example <c>trajectories[3].start.latent</c>.</param>
    /// <param name="description">What is wrong and what to do about it.</param>
    public void Add(string field, string description)
    {
        Count++;
        field = RpcErrors.Shorten(field, MaxFieldLength);
        description = RpcErrors.Shorten(description, MaxDescriptionLength);
        var text = _text + Encoding.UTF8.GetByteCount(field) + Encoding.UTF8.GetByteCount(description);
        if (_details.FieldViolations.Count < MaxListed && (text <= MaxTextBytes || _details.FieldViolations.Count == 0))
        {
            _text = text;
            _details.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = description });
        }
    }

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

    /// <summary>The INVALID_ARGUMENT that holds the violations, as many as a client can take.</summary>
    public RpcException ToException()
    {
        var message = string.Join("; ", _details.FieldViolations.Select(violation => $"{violation.Field}: {violation.Description}"));
        var left = Count - _details.FieldViolations.Count;
        return RpcErrors.Create(StatusCode.InvalidArgument, left > 0 ? $"{Count} fields are wrong, the first of them: {message}" : message, _details);
    }
}
