using DiffusionMesh.Contracts.DenoiserV1;
using DomainAddress = DiffusionMesh.Diffusion.Noise.NoiseAddress;
using DomainCondition = DiffusionMesh.Diffusion.Condition;
using DomainNoise = DiffusionMesh.Diffusion.Noise.NoiseExpression;
using Message = DiffusionMesh.Contracts.TensorV1.Condition;

namespace DiffusionMesh.Contracts.Tests;

public sealed class MappingTests
{
    private readonly FieldViolations _violations = new();

    public static TheoryData<DomainCondition?> Conditions => [null, new DomainCondition.Prompt("a coat"), new DomainCondition.ClassLabel(0)];

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Condition_RoundTrip_IsTheSame(DomainCondition? condition)
    {
        Assert.Equal(condition, ConditionMapping.ToDomain(ConditionMapping.ToMessage(condition), "c", _violations));
        Assert.False(_violations.Any);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \t ")]
    public void Condition_EmptyPrompt_IsRefused(string prompt)
    {
        ConditionMapping.ToDomain(new Message { Prompt = prompt }, "c", _violations);

        Assert.Contains("c.prompt: is empty", _violations.ToException().Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Condition_NegativeLabel_IsRefused()
    {
        ConditionMapping.ToDomain(new Message { ClassLabel = -1 }, "c", _violations);

        Assert.Contains("c.class_label", _violations.ToException().Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Noise_LongChainOfRotations_SurvivesTheWire()
    {
        DomainNoise noise = new DomainNoise.Draw(new DomainAddress(7, [1, 2]));
        for (uint i = 0; i < DomainNoise.MaxRotations; i++)
        {
            noise = new DomainNoise.Rotation(noise, new DomainAddress(ulong.MaxValue, [i]), 0.95);
        }

        var bytes = Google.Protobuf.MessageExtensions.ToByteArray(NoiseMapping.ToMessage(noise));
        var back = NoiseMapping.ToDomain(NoiseExpression.Parser.ParseFrom(bytes), "n", _violations);

        Assert.False(_violations.Any);
        Assert.Equal(noise, back);
    }

    [Fact]
    public void Noise_BadParts_NameTheirPath()
    {
        var address = new NoiseAddress { Seed = 1 };
        NoiseMapping.ToDomain((NoiseExpression?)null, "a", _violations);
        NoiseMapping.ToDomain(new NoiseExpression(), "b", _violations);
        NoiseMapping.ToDomain(new NoiseExpression { Draw = address, Rotations = { new Rotation { Toward = address, Cosine = double.NaN } } }, "c", _violations);
        NoiseMapping.ToDomain(new NoiseExpression { Draw = address, Rotations = { new Rotation { Cosine = 1 } } }, "d", _violations);
        NoiseMapping.ToDomain(new NoiseExpression { Draw = new NoiseAddress { Lineage = { new uint[65] } } }, "e", _violations);

        var text = _violations.ToException().Status.Detail;
        Assert.Equal(5, _violations.Count);
        Assert.All(["a: ", "b.draw: ", "c.rotations[0].cosine: ", "d.rotations[0].toward: ", "e.draw.lineage: "], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }
}
