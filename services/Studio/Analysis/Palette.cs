using System.Numerics;

namespace Son1kVers3.Studio.Analysis;

/// <summary>Five colours of a cover, linear light: ground below and above, two accents, and the light between them.</summary>
internal sealed record Palette(Vector3 Low, Vector3 High, Vector3 First, Vector3 Second, Vector3 Light)
{
    private static readonly (string[] Words, Palette Palette)[] ByMood =
    [
        (["dark", "oscur", "aggress", "agres", "heavy", "pesad", "angry", "furi", "intens"], Of(0x07060B, 0x2A0710, 0xFF2E4D, 0x7A1FFF, 0xFFD0C2)),
        (["sad", "trist", "melanch", "melanc", "nostalg", "lonely", "blue"], Of(0x060B18, 0x1B2A4E, 0x5BA8FF, 0x9A7BFF, 0xE3EEFF)),
        (["romantic", "románt", "love", "amor", "tender", "tiern", "sensual", "warm", "cálid", "calid"], Of(0x1A0714, 0x53163A, 0xFF5E8A, 0xFFB36B, 0xFFE7D6)),
        (["happy", "alegr", "feliz", "upbeat", "joy", "fun", "divert", "playful", "summer", "veran", "bright"], Of(0x24104F, 0xE0457B, 0xFFC145, 0x2CE5C4, 0xFFF6D8)),
        (["calm", "calma", "relax", "chill", "peace", "tranquil", "soft", "suave", "sereno", "dream", "soñ", "medit"], Of(0x071B24, 0x15505A, 0x63E6C8, 0xA7C7FF, 0xF1FFF8)),
        (["epic", "épic", "heroic", "heroi", "triumph", "cinemat", "majest", "grand"], Of(0x0B0A10, 0x3A2410, 0xFFB02E, 0xFF5A36, 0xFFF1CF)),
        (["energ", "party", "fiesta", "dance", "bail", "euphor", "eufór", "club", "power"], Of(0x0A0620, 0x33107A, 0x00FFE7, 0xFF3DA5, 0xF4F0FF)),
        (["myster", "mister", "space", "espac", "cosmic", "cósm", "hypnot", "hipnót", "futur", "night", "noct"], Of(0x04040F, 0x151046, 0x7C5CFF, 0x00D5FF, 0xE9E4FF)),
        (["nature", "natural", "organic", "orgán", "folk", "rustic", "groov", "earth"], Of(0x0D140C, 0x2F4A22, 0xE8B04A, 0x8FD16A, 0xFFF7DC)),
    ];

    private static readonly Palette House = Of(0x08080C, 0x171729, 0x00FFE7, 0xB84DFF, 0xF2FBFF);

    /// <summary>By the first word of <paramref name="mood"/> that is known, in Spanish or English; otherwise by <paramref name="energy"/> (0–1) and <paramref name="seed"/>.</summary>
    public static Palette For(string mood, double energy, int seed)
    {
        foreach (var (words, palette) in ByMood)
        {
            if (words.Any(word => mood.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                return palette;
            }
        }

        return (seed & 3) == 0 ? House : energy > 0.65 ? ByMood[6].Palette : energy < 0.35 ? ByMood[4].Palette : ByMood[7].Palette;
    }

    private static Palette Of(int low, int high, int first, int second, int light) => new(Linear(low), Linear(high), Linear(first), Linear(second), Linear(light));

    // Light adds up in linear numbers; mixing the screen's own would turn every glow grey.
    private static Vector3 Linear(int rgb) => new(Channel(rgb >> 16), Channel(rgb >> 8), Channel(rgb));

    private static float Channel(int value) => MathF.Pow((value & 0xFF) / 255f, 2.2f);
}
