using System.Text.Json;

namespace Son1kVers3.Studio.Genres;

/// <summary>An instrument of the General MIDI set as the studio uses it.</summary>
public sealed record Instrument
{
    public required string Slug { get; init; }

    /// <summary>Shown to people.</summary>
    public required string Name { get; init; }

    /// <summary>The same in Spanish.</summary>
    public string NameEs { get => field ?? Name; init; }

    public int Program { get; init; }

    public int Bank { get; init; }

    /// <summary>Lowest and highest pitch that sounds well.</summary>
    public int Low { get; init; } = 36;

    public int High { get; init; } = 96;

    /// <summary>Words of a prompt that ask for it or exclude it, Spanish and English, lower case, without accents.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Slug of the style that it speaks of when the prompt names none.</summary>
    public string? Genre { get; init; }

    /// <summary>The role it takes when it is asked for and the genre has no chair for it.</summary>
    public Scores.PartRole Role { get; init; } = Scores.PartRole.Lead;
}

/// <summary>The instruments by slug.</summary>
public static class InstrumentCatalog
{
    private static readonly Lazy<IReadOnlyList<Instrument>> Loaded = new(Load);

    public static IReadOnlyList<Instrument> All => Loaded.Value;

    /// <exception cref="KeyNotFoundException">No such instrument.</exception>
    public static Instrument Get(string slug) =>
        All.FirstOrDefault(instrument => instrument.Slug == slug) ?? throw new KeyNotFoundException($"No instrument '{slug}'.");

    private static List<Instrument> Load()
    {
        using var stream = typeof(InstrumentCatalog).Assembly.GetManifestResourceStream("instruments.json")!;
        return JsonSerializer.Deserialize<List<Instrument>>(stream, GenreCatalog.Json)!;
    }
}
