using DiffusionMesh.Contracts.TensorV1;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace DiffusionMesh.Contracts.Tests;

public sealed class TensorMappingTests
{
    private const long MaxElements = 1 << 20;

    [Fact]
    public void ToMessage_Floats_AreRawLittleEndianAndComeBack()
    {
        float[] values = [1f, -2.5f, float.Epsilon, 3.4e38f, 0f, -0f];

        var tensor = TensorMapping.ToMessage(values, 1, 2, 3);
        var back = new float[6];
        TensorMapping.CopyTo(tensor, back);

        Assert.Equal([0, 0, 0x80, 0x3f], tensor.Data.Span[..4].ToArray());
        Assert.Equal([1L, 2L, 3L], tensor.Shape);
        Assert.Equal(values.Select(BitConverter.SingleToInt32Bits), back.Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void ToMessage_Pixels_AreWrappedWithoutCopy()
    {
        var pixels = new byte[] { 1, 2, 3, 4 };

        var tensor = TensorMapping.ToMessage(pixels.AsMemory(), 2, 2, 1);
        pixels[0] = 9;

        Assert.Equal(9, tensor.Data[0]);
        Assert.Equal(9, TensorMapping.Pixels(tensor).Span[0]);
    }

    [Theory]
    [InlineData(new long[] { 2, 2 }, 15, "x.data")]
    [InlineData(new long[] { 2, 2 }, 17, "x.data")]
    [InlineData(new long[] { 0, 2 }, 0, "x.shape")]
    [InlineData(new long[] { -1, -4 }, 16, "x.shape")]
    [InlineData(new long[] { }, 4, "x.shape")]
    [InlineData(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 }, 4, "x.shape")]
    [InlineData(new long[] { 1 << 20, 2 }, 8, "x.shape")]
    [InlineData(new long[] { long.MaxValue, long.MaxValue }, 4, "x.shape")]
    public void Validate_ShapeThatDoesNotMatch_NamesTheField(long[] shape, int bytes, string field)
    {
        var violations = new FieldViolations();
        var tensor = new Tensor { DataType = DataType.Fp32, Shape = { shape }, Data = ByteString.CopyFrom(new byte[bytes]) };

        var good = TensorMapping.Validate(tensor, "x", violations, DataType.Fp32, MaxElements);

        Assert.False(good);
        Assert.Equal(field, Violation(violations).Field);
    }

    [Fact]
    public void Validate_AnotherElementType_SaysWhichToSend()
    {
        var violations = new FieldViolations();

        TensorMapping.Validate(TensorMapping.ToMessage(new byte[4], 4), "x", violations, DataType.Fp32, MaxElements);

        Assert.Contains("send Fp32", Violation(violations).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_GoodTensor_AddsNothing()
    {
        var violations = new FieldViolations();

        Assert.True(TensorMapping.Validate(TensorMapping.ToMessage(new float[6], 1, 2, 3), "x", violations, DataType.Fp32, MaxElements));
        Assert.False(violations.Any);
    }

    private static BadRequest.Types.FieldViolation Violation(FieldViolations violations)
    {
        var error = Assert.Throws<RpcException>(violations.ThrowIfAny);
        return Assert.Single(RpcErrors.Detail<BadRequest>(error)!.FieldViolations);
    }
}
