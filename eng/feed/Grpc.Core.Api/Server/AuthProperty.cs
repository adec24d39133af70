using System.Text;

namespace Grpc.Core;

/// <summary>One fact about a caller, such as a name in its certificate.</summary>
public class AuthProperty
{
    private readonly byte[] _valueBytes;
    private string? _value;

    private AuthProperty(string name, byte[] valueBytes)
    {
        Name = name;
        _valueBytes = valueBytes;
    }

    /// <summary>The name of the fact.</summary>
    public string Name { get; }

    /// <summary>The fact as UTF-8 text.</summary>
    public string Value => _value ??= Encoding.UTF8.GetString(_valueBytes);

    /// <summary>A copy of the fact's bytes.</summary>
    public byte[] ValueBytes => _valueBytes.AsSpan().ToArray();

    /// <summary>Makes a property of a copy of the bytes.</summary>
    public static AuthProperty Create(string name, byte[] valueBytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(valueBytes);
        return new AuthProperty(name, valueBytes.AsSpan().ToArray());
    }
}
