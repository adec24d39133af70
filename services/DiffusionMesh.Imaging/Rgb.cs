namespace DiffusionMesh.Imaging;

internal readonly record struct Rgb(byte Red, byte Green, byte Blue);
