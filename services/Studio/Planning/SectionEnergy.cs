namespace Son1kVers3.Studio.Planning;

/// <summary>The energy curve: what each kind of section has, rising with every return.</summary>
internal static class SectionEnergy
{
    /// <summary>Energy 0–1 of the <paramref name="occurrence"/>-th (from 0) of <paramref name="count"/> sections of this kind.</summary>
    public static double Of(string section, int occurrence, int count) => section switch
    {
        "intro" => 0.41,
        "verse" => Math.Min(0.6, 0.48 + (0.06 * occurrence)),
        "pre-chorus" => 0.64,
        "build" => 0.62,
        "chorus" => count > 1 && occurrence == count - 1 ? 1.0 : Math.Min(0.94, 0.86 + (0.04 * occurrence)),
        "solo" => 0.76,
        "bridge" => 0.56,
        "break" => 0.36,
        "outro" => 0.5,
        _ => 0.5,
    };

    /// <summary>The section kind whose harmony and motif a section uses when it has none of its own.</summary>
    public static string Material(string section) => section switch
    {
        "intro" or "break" or "verse" => "verse",
        "outro" or "solo" or "chorus" => "chorus",
        "build" => "pre-chorus",
        _ => section,
    };
}
