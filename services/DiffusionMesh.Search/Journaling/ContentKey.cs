namespace DiffusionMesh.Search.Journaling;

/// <summary>Names a paid result by what determines it: SHA-256 over canonical bytes, in lower-case hexadecimal digits.</summary>
public readonly record struct ContentKey(string Hex)
{
    public override string ToString() => Hex;
}
