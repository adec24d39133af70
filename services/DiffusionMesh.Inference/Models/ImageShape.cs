namespace DiffusionMesh.Inference.Models;

/// <summary>[H, W, C] of one image, in pixels.</summary>
public readonly record struct ImageShape(int Height, int Width, int Channels)
{
    public int Elements => Height * Width * Channels;

    public override string ToString() => $"[{Height}, {Width}, {Channels}]";
}
