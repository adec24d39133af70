namespace DiffusionMesh.Inference.Models;

/// <summary>[C, H, W] of one state.</summary>
public readonly record struct LatentShape(int Channels, int Height, int Width)
{
    public int Elements => Channels * Height * Width;

    public override string ToString() => $"[{Channels}, {Height}, {Width}]";
}
