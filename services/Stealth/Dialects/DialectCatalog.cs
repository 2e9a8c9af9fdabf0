using System.Collections.Frozen;

namespace Son1kVers3.Stealth.Dialects;

/// <summary>The providers that can be configured.</summary>
internal static class DialectCatalog
{
    private static readonly FrozenDictionary<string, Dialect> ByName =
        new Dialect[] { new AceStep(), new ElevenLabs(), new Stability(), new Replicate(), new Fal(), new MiniMax() }.ToFrozenDictionary(d => d.Name);

    /// <summary>In alphabetical order.</summary>
    public static IReadOnlyList<Dialect> All { get; } = [.. ByName.Values.OrderBy(d => d.Name, StringComparer.Ordinal)];

    /// <summary>One sentence that names them.</summary>
    public static string Names { get; } = $"One of {string.Join(", ", All.Select(d => d.Name))}.";

    public static Dialect? Find(string? name) => name is not null && ByName.TryGetValue(name, out var dialect) ? dialect : null;
}
