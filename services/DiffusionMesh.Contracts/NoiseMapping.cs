using DiffusionMesh.Diffusion.Noise;
using AddressMessage = DiffusionMesh.Contracts.DenoiserV1.NoiseAddress;
using ExpressionMessage = DiffusionMesh.Contracts.DenoiserV1.NoiseExpression;
using GeneratorMessage = DiffusionMesh.Contracts.DenoiserV1.NoiseGenerator;
using RenoiseMessage = DiffusionMesh.Contracts.DenoiserV1.Renoise;
using RotationMessage = DiffusionMesh.Contracts.DenoiserV1.Rotation;

namespace DiffusionMesh.Contracts;

/// <summary>Maps noise addresses and expressions to messages and back.</summary>
public static class NoiseMapping
{
    /// <summary>Reads an expression. Null only if a violation was added.</summary>
    public static NoiseExpression? ToDomain(ExpressionMessage? message, string field, FieldViolations violations)
    {
        if (!violations.Require(message is not null, field, "is required; name a draw")
            || !violations.Require(message!.Rotations.Count <= NoiseExpression.MaxRotations, field + ".rotations", $"has {message.Rotations.Count} elements; at most {NoiseExpression.MaxRotations} are accepted")
            || ToDomain(message.Draw, field + ".draw", violations) is not { } origin)
        {
            return null;
        }

        NoiseExpression expression = new NoiseExpression.Draw(origin);
        for (var i = 0; i < message.Rotations.Count; i++)
        {
            var path = $"{field}.rotations[{i}]";
            var rotation = message.Rotations[i];
            if (!violations.Require(rotation.Cosine is >= -1 and <= 1, path + ".cosine", $"is {rotation.Cosine}; it must lie in [-1, 1]")
                || ToDomain(rotation.Toward, path + ".toward", violations) is not { } toward)
            {
                return null;
            }

            expression = new NoiseExpression.Rotation(expression, toward, rotation.Cosine);
        }

        return expression;
    }

    /// <summary>Reads the draw of a renoised state. Null only if a violation was added.</summary>
    public static NoiseExpression? ToDomain(RenoiseMessage message, string field, FieldViolations violations) =>
        ToDomain(new ExpressionMessage { Draw = message.Draw, Rotations = { message.Rotations } }, field, violations);

    /// <summary>Reads an address. Null only if a violation was added.</summary>
    public static NoiseAddress? ToDomain(AddressMessage? message, string field, FieldViolations violations)
    {
        if (message is null)
        {
            violations.Add(field, "is required");
            return null;
        }

        if (!violations.Require(message.Lineage.Count <= NoiseAddress.MaxLineage, field + ".lineage", $"has {message.Lineage.Count} elements; at most {NoiseAddress.MaxLineage} are accepted"))
        {
            return null;
        }

        switch (message.Generator)
        {
            case GeneratorMessage.Unspecified or GeneratorMessage.Philox:
                return new NoiseAddress(message.Seed, [.. message.Lineage]);

            case GeneratorMessage.TorchCpu:
                return violations.Require(message.Lineage.Count == 0, field + ".lineage", "must be empty for NOISE_GENERATOR_TORCH_CPU, whose draws have a seed alone")
                    ? NoiseAddress.Torch(message.Seed)
                    : null;

            default:
                violations.Add(field + ".generator", $"is {(int)message.Generator}, which is not known here; send NOISE_GENERATOR_PHILOX or NOISE_GENERATOR_TORCH_CPU");
                return null;
        }
    }

    /// <summary>Writes an expression.</summary>
    public static ExpressionMessage ToMessage(NoiseExpression expression)
    {
        switch (expression)
        {
            case NoiseExpression.Draw draw:
                return new ExpressionMessage { Draw = ToMessage(draw.Address) };

            case NoiseExpression.Rotation rotation:
                var message = ToMessage(rotation.From);
                message.Rotations.Add(new RotationMessage { Toward = ToMessage(rotation.Toward), Cosine = rotation.Cosine });
                return message;

            default:
                throw new ArgumentOutOfRangeException(nameof(expression), expression, "not a kind of expression");
        }
    }

    /// <summary>Writes an address.</summary>
    public static AddressMessage ToMessage(NoiseAddress address) => new()
    {
        Seed = address.Seed,
        Lineage = { address.Lineage },
        Generator = address.Generator == NoiseGenerator.TorchCpu ? GeneratorMessage.TorchCpu : GeneratorMessage.Unspecified,
    };
}
