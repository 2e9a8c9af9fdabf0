namespace Son1kVers3.Studio.Covers;

/// <summary>Level and energy along a piece, scaled for drawing, and the chance that its seed gives.</summary>
internal sealed class MusicForm
{
    private readonly float[] levels;
    private readonly double[] sums;
    private readonly IReadOnlyList<CoverSection> sections;
    private readonly int seed;

    public MusicForm(CoverSubject subject)
    {
        sections = subject.Sections.Count > 0 ? subject.Sections : [new CoverSection(0, 0.5)];
        seed = subject.Seed;
        var raw = subject.Levels.DefaultIfEmpty(0).ToArray();
        // A mastered track is a bar from end to end: between its quiet and its loud moments lies the picture.
        var sorted = raw.Order().ToArray();
        var (low, high) = (sorted[sorted.Length / 20], sorted[sorted.Length * 19 / 20]);
        levels = [.. raw.Select(value => Math.Clamp((value - low) / Math.Max(high - low, 0.05f), 0.02f, 1.1f))];
        sums = new double[levels.Length + 1];
        for (var i = 0; i < levels.Length; i++)
        {
            sums[i + 1] = sums[i] + levels[i];
        }

        AverageEnergy = sections.Average(section => section.Energy);
        Variety = (int)((Hash(7) >> 9) % 1000);
    }

    public double AverageEnergy { get; }

    /// <summary>0–999.</summary>
    public int Variety { get; }

    /// <summary>0–1 for each <paramref name="index"/>, always the same for a seed.</summary>
    public float Chance(int index) => (Hash(index) & 0xFFFF) / 65535f;

    public float LevelAt(float place) => SmoothLevelAt(place, 0.5f / levels.Length);

    /// <summary>Average level within <paramref name="reach"/> of a place (both shares of the piece).</summary>
    public float SmoothLevelAt(float place, float reach)
    {
        var from = Sum((place - reach) * levels.Length);
        var to = Sum((place + reach) * levels.Length);
        return (float)((to - from) / Math.Max(2 * reach * levels.Length, 1e-6));
    }

    /// <summary>The section's energy, 0–1.</summary>
    public float EnergyAt(float place) => (float)SectionAt(place).Energy;

    /// <summary>The sections from start to end, shares of the piece.</summary>
    public IEnumerable<(float Start, float End, float Energy)> Spans => sections.Select((section, i) =>
        ((float)section.Start, i + 1 < sections.Count ? (float)sections[i + 1].Start : 1f, (float)section.Energy));

    private CoverSection SectionAt(float place)
    {
        var found = sections[0];
        foreach (var section in sections)
        {
            if (section.Start > place)
            {
                break;
            }

            found = section;
        }

        return found;
    }

    // Integral of the level up to a position, straight between points: any window's average without a loop.
    private double Sum(float position)
    {
        var clamped = Math.Clamp(position, 0, levels.Length);
        var whole = Math.Min((int)clamped, levels.Length - 1);
        return sums[whole] + (clamped - whole) * levels[whole];
    }

    private uint Hash(int index)
    {
        var hash = unchecked((uint)(seed * 747796405 + index * 277803737) + 2891336453u);
        hash = (hash ^ (hash >> 15)) * 2246822519u;
        hash = (hash ^ (hash >> 13)) * 3266489917u;
        return hash ^ (hash >> 16);
    }
}
