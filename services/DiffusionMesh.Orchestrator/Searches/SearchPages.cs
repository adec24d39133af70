using System.Buffers.Text;
using System.Globalization;
using System.Text;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Pages of a list. A token names the last search of the page before, so that new searches shift nothing.</summary>
internal static class SearchPages
{
    private const int DefaultSize = 50;
    private const int MaxSize = 1000;

    public static string TokenAfter(long sequence) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(sequence.ToString(CultureInfo.InvariantCulture)));

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: a size or token that makes no sense.</exception>
    public static (int Size, long? Before) Read(ListSearchesRequest request)
    {
        var violations = new FieldViolations();
        violations.Require(
            request.PageSize is >= 0 and <= MaxSize, "page_size", $"is {request.PageSize}; it must lie in [0, {MaxSize}]");
        long? before = null;
        if (request.PageToken.Length > 0)
        {
            before = Sequence(request.PageToken);
            violations.Require(before is not null, "page_token", "is not a token that this server gave");
        }

        violations.ThrowIfAny();
        return (request.PageSize == 0 ? DefaultSize : request.PageSize, before);
    }

    private static long? Sequence(string token) =>
        Base64Url.IsValid(token)
        && long.TryParse(Base64Url.DecodeFromChars(token), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : null;
}
