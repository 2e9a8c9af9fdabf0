namespace Son1kVers3.Studio.Planning;

/// <summary>The studio's own random numbers: SplitMix64 (Steele, Lea, Flood 2014), one independent stream per purpose.</summary>
/// <remarks>
/// Integer arithmetic and exact floating point only (no logarithm, no cosine, no hash code of the runtime),
/// so that a seed gives the same ticks on every machine.
/// </remarks>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The stream of <paramref name="seed"/> for a purpose such as <c>melody/chorus</c>.</summary>
    public static Dice For(int seed, string purpose)
    {
        // FNV-1a over the purpose, so that streams do not depend on the order in which they are opened.
        var hash = 14695981039346656037UL;
        foreach (var c in purpose)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        var dice = new Dice(hash ^ ((ulong)(uint)seed * 0x9E3779B97F4A7C15UL));
        dice.Next();
        return dice;
    }

    /// <summary>0 ≤ result &lt; <paramref name="count"/>.</summary>
    public int Below(int count) => count <= 1 ? 0 : (int)((Next() >> 33) % (ulong)count);

    /// <summary>0 ≤ result &lt; 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / 9007199254740992.0);

    public bool Chance(double probability) => Unit() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>Normally distributed around 0: the sum of twelve uniform numbers, whose tails end at 6 σ.</summary>
    public double Gaussian(double sigma)
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
        {
            sum += Unit();
        }

        return sum * sigma;
    }

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
