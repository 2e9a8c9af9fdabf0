using SkiaSharp;

namespace Son1kVers3.Studio.Covers;

/// <summary>Five colours of a cover: ground below and above, two accents, and the light between them.</summary>
internal sealed record CoverPalette(SKColor Low, SKColor High, SKColor First, SKColor Second, SKColor Light)
{
    /// <summary>Two pieces of one mood differ by this many degrees of hue at most.</summary>
    private const int HueDrift = 14;

    private static readonly CoverPalette Calm = Of(0x071B24, 0x15505A, 0x63E6C8, 0xA7C7FF, 0xF1FFF8);
    private static readonly CoverPalette Bright = Of(0x0A0620, 0x33107A, 0x00FFE7, 0xFF3DA5, 0xF4F0FF);
    private static readonly CoverPalette Deep = Of(0x04040F, 0x151046, 0x7C5CFF, 0x00D5FF, 0xE9E4FF);
    private static readonly CoverPalette House = Of(0x08080C, 0x171729, 0x00FFE7, 0xB84DFF, 0xF2FBFF);

    private static readonly (string[] Words, CoverPalette Palette)[] ByMood =
    [
        (["dark", "oscur", "aggress", "agres", "heavy", "pesad", "angry", "furi", "intens"],
            Of(0x07060B, 0x2A0710, 0xFF2E4D, 0x7A1FFF, 0xFFD0C2)),
        (["sad", "trist", "melanch", "melanc", "nostalg", "lonely", "blue"], Of(0x060B18, 0x1B2A4E, 0x5BA8FF, 0x9A7BFF, 0xE3EEFF)),
        (["romantic", "románt", "love", "amor", "tender", "tiern", "sensual", "warm", "cálid", "calid"],
            Of(0x1A0714, 0x53163A, 0xFF5E8A, 0xFFB36B, 0xFFE7D6)),
        (["happy", "alegr", "feliz", "upbeat", "joy", "fun", "divert", "playful", "summer", "veran", "bright"],
            Of(0x24104F, 0xE0457B, 0xFFC145, 0x2CE5C4, 0xFFF6D8)),
        (["calm", "calma", "relax", "chill", "peace", "tranquil", "soft", "suave", "sereno", "dream", "soñ", "medit"], Calm),
        (["epic", "épic", "heroic", "heroi", "triumph", "cinemat", "majest", "grand", "uplift"],
            Of(0x0B0A10, 0x3A2410, 0xFFB02E, 0xFF5A36, 0xFFF1CF)),
        (["energ", "party", "fiesta", "dance", "bail", "euphor", "eufór", "club", "power"], Bright),
        (["myster", "mister", "space", "espac", "cosmic", "cósm", "hypnot", "hipnót", "futur", "night", "noct"], Deep),
        (["nature", "natural", "organic", "orgán", "folk", "rustic", "groov", "earth"],
            Of(0x0D140C, 0x2F4A22, 0xE8B04A, 0x8FD16A, 0xFFF7DC)),
        (["elegan", "cool", "refin", "sofistic", "sophistic"], Of(0x0C0B12, 0x24324A, 0xE6C98A, 0x6FB7C8, 0xFBF6EA)),
    ];

    /// <summary>As <c>#RRGGBB</c>, in the order of the record.</summary>
    public IReadOnlyList<string> Hex =>
        [.. new[] { Low, High, First, Second, Light }
            .Select(colour => FormattableString.Invariant($"#{colour.Red:X2}{colour.Green:X2}{colour.Blue:X2}"))];

    /// <summary>
    /// By the first word of <paramref name="mood"/> that is known, in Spanish or English; otherwise by <paramref name="energy"/> (0–1) and
    /// <paramref name="seed"/>.
    /// </summary>
    public static CoverPalette For(string mood, double energy, int seed)
    {
        var known = ByMood.FirstOrDefault(entry =>
            entry.Words.Any(word => mood.Contains(word, StringComparison.OrdinalIgnoreCase))).Palette;
        var chosen = known ?? ((seed & 3) == 0 ? House : energy > 0.65 ? Bright : energy < 0.35 ? Calm : Deep);
        return chosen.Turned((Math.Abs((long)seed) % ((2 * HueDrift) + 1)) - HueDrift);
    }

    private CoverPalette Turned(float degrees) =>
        new(Turned(Low, degrees), Turned(High, degrees), Turned(First, degrees), Turned(Second, degrees), Turned(Light, degrees));

    private static SKColor Turned(SKColor colour, float degrees)
    {
        colour.ToHsl(out var hue, out var saturation, out var lightness);
        return SKColor.FromHsl((hue + degrees + 360) % 360, saturation, lightness);
    }

    private static CoverPalette Of(uint low, uint high, uint first, uint second, uint light) =>
        new(Rgb(low), Rgb(high), Rgb(first), Rgb(second), Rgb(light));

    private static SKColor Rgb(uint value) => new(0xFF000000 | value);
}
