namespace DiffusionMesh.Diffusion.Noise;

/// <summary>
/// MT19937 of Matsumoto and Nishimura, "Mersenne Twister: A 623-Dimensionally Equidistributed Uniform Pseudorandom Number
/// Generator" (ACM TOMACS 8, 1998), seeded as their revision of 2002 does.
/// </summary>
internal sealed class MersenneTwister
{
    // n, m and a of the paper; the masks split a word into its upper bit and the rest.
    private const int Size = 624;
    private const int Offset = 397;
    private const uint Twist = 0x9908B0DF;
    private const uint UpperBit = 0x80000000;
    private const uint LowerBits = 0x7FFFFFFF;

    private readonly uint[] _state = new uint[Size];
    private int _next = Size;

    public MersenneTwister(uint seed)
    {
        _state[0] = seed;
        for (var i = 1u; i < Size; i++)
        {
            var last = _state[i - 1];
            _state[i] = unchecked((1812433253 * (last ^ (last >> 30))) + i);
        }
    }

    public uint Next()
    {
        if (_next == Size)
        {
            Regenerate();
        }

        var y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >> 18);
    }

    private void Regenerate()
    {
        for (var i = 0; i < Size; i++)
        {
            var y = (_state[i] & UpperBit) | (_state[(i + 1) % Size] & LowerBits);
            _state[i] = _state[(i + Offset) % Size] ^ (y >> 1) ^ ((y & 1) * Twist);
        }

        _next = 0;
    }
}
