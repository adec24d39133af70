using Google.Rpc;

namespace DiffusionMesh.Contracts.Tests;

public sealed class FieldViolationsTests
{
    // What clients of gRPC's C core accept in all headers of an answer.
    private const int HeaderBytes = 8 << 10;

    [Theory]
    [InlineData(1, 1_000_000)]
    [InlineData(10_000, 1)]
    [InlineData(10_000, 10_000)]
    public void ToException_WhateverIsWrong_FitsIntoTheHeaders(int count, int length)
    {
        var violations = new FieldViolations();
        for (var i = 0; i < count; i++)
        {
            violations.Add($"parameters[{new string('\u00e9', length)}]", $"'{i}' is unknown");
        }

        var error = violations.ToException();

        Assert.Equal(count, violations.Count);
        Assert.NotEmpty(RpcErrors.Detail<BadRequest>(error)!.FieldViolations);
        Assert.InRange(
            Uri.EscapeDataString(error.Status.Detail).Length + Convert.ToBase64String(error.Trailers.GetValueBytes(RpcErrors.DetailsTrailer)!).Length,
            1,
            HeaderBytes);
    }

    [Fact]
    public void ToException_MoreThanCanBeListed_SaysHowMany()
    {
        var violations = new FieldViolations();
        for (var i = 0; i < 100; i++)
        {
            violations.Add($"trajectories[{i}].id", "is empty");
        }

        Assert.StartsWith("100 fields are wrong, the first of them: trajectories[0].id: is empty; ", violations.ToException().Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Shorten_InTheMiddleOfACharacter_LeavesItOut() => Assert.Equal("ab…", RpcErrors.Shorten("ab\U0001F600cdef", 4));
}
