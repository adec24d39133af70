using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>Compresses and decompresses messages in one encoding.</summary>
public interface ICompressionProvider
{
    /// <summary>The encoding's name in <c>grpc-encoding</c>.</summary>
    string EncodingName { get; }

    /// <summary>A stream that compresses what is written to it into another, which stays open.</summary>
    /// <param name="stream">Receives the compressed message.</param>
    /// <param name="compressionLevel">How hard to compress; null for the provider's own level.</param>
    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    /// <summary>A stream that reads the message out of a compressed one.</summary>
    Stream CreateDecompressionStream(Stream stream);
}
