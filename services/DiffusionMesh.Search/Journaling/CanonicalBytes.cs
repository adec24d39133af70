using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Journaling;

/// <summary>
/// Hashes values in a form that tells any two apart: texts and lists carry their length, alternatives a tag, numbers are
/// little-endian, floating-point numbers count by their bits.
/// </summary>
internal sealed class CanonicalBytes : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public CanonicalBytes(string kind) => Add(kind);

    public CanonicalBytes Add(string text)
    {
        Add(Encoding.UTF8.GetByteCount(text));
        _hash.AppendData(Encoding.UTF8.GetBytes(text));
        return this;
    }

    public CanonicalBytes Add(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        _hash.AppendData(bytes);
        return this;
    }

    public CanonicalBytes Add(double number) => Add(BitConverter.DoubleToInt64Bits(number));

    public CanonicalBytes Add(Condition? condition) => condition switch
    {
        null => Add(0L),
        Condition.Prompt(var text) => Add(1L).Add(text),
        Condition.ClassLabel(var index) => Add(2L).Add((long)index),
        _ => throw new NotSupportedException($"condition {condition.GetType().Name}"),
    };

    public CanonicalBytes Add(SamplingOptions options) => (options.Eta is { } eta ? Add(1L).Add(eta) : Add(0L))
        .Add(options.Schedule)
        .Add(options.ResolutionShift)
        .Add(options.GuidanceRescale)
        .Add(options.GuidanceFromNoiseLevel)
        .Add(options.GuidanceToNoiseLevel);

    public CanonicalBytes Add(SegmentOrigin origin) => origin switch
    {
        SegmentOrigin.Noise(var expression) => Add(0L).Add(expression),
        SegmentOrigin.State(var segment, _, var level, null) => Add(1L).Add(segment.Hex).Add(level),
        SegmentOrigin.State(var segment, _, var level, var draw) => Add(2L).Add(segment.Hex).Add(level).Add(draw),
        _ => throw new NotSupportedException($"origin {origin.GetType().Name}"),
    };

    public CanonicalBytes Add(ReadOnlySpan<byte> bytes)
    {
        Add((long)bytes.Length);
        _hash.AppendData(bytes);
        return this;
    }

    public CanonicalBytes Add(NoiseAddress address)
    {
        Add((long)address.Generator).Add(unchecked((long)address.Seed)).Add((long)address.Lineage.Length);
        foreach (var element in address.Lineage)
        {
            Add((long)element);
        }

        return this;
    }

    public CanonicalBytes Add(NoiseExpression noise) => noise switch
    {
        NoiseExpression.Draw(var address) => Add(0L).Add(address),
        NoiseExpression.Rotation(var from, var toward, var cosine) => Add(1L).Add(from).Add(toward).Add(cosine),
        _ => throw new NotSupportedException($"noise expression {noise.GetType().Name}"),
    };

    public ContentKey Key() => new(Convert.ToHexStringLower(_hash.GetHashAndReset()));

    public void Dispose() => _hash.Dispose();
}
