using System.Text.Json;

namespace Son1kVers3.Studio.Genres;

/// <summary>
/// What genres share: grooves, fills and patterns of meters they do not spell out, and chairs for instruments that were asked for.
/// </summary>
internal sealed record Common
{
    private static readonly Lazy<Common> Loaded = new(Load);

    public static Common Data => Loaded.Value;

    public required IReadOnlyList<Groove> Grooves { get; init; }

    public required IReadOnlyList<IReadOnlyDictionary<string, string>> Fills { get; init; }

    /// <summary>One for each role, its id <c>asked-&lt;role&gt;</c>.</summary>
    public required IReadOnlyList<GenrePart> Parts { get; init; }

    /// <summary>Words that mean several instruments.</summary>
    public required IReadOnlyList<InstrumentFamily> Families { get; init; }

    public required IReadOnlyList<Era> Eras { get; init; }

    /// <summary>Instruments that people ask for and the studio does not have.</summary>
    public required IReadOnlyList<string> Unoffered { get; init; }

    /// <summary>Phrases that hold a word of music and mean something else: <c>rock bottom</c>.</summary>
    public required IReadOnlyList<string> Idioms { get; init; }

    /// <summary>Names of genres that are everyday things as well: <c>house</c>.</summary>
    public required IReadOnlyList<string> Things { get; init; }

    private static Common Load()
    {
        using var stream = typeof(Common).Assembly.GetManifestResourceStream("common.json")!;
        return JsonSerializer.Deserialize<Common>(stream, GenreCatalog.Json)!;
    }
}

/// <summary>A word such as <c>guitar</c>: asked for, it is one instrument; excluded, all of its members.</summary>
/// <param name="Ensemble">The band when nothing else is to sound; without one, the instrument takes melody and chords.</param>
internal sealed record InstrumentFamily(
    IReadOnlyList<string> Words, string Asked, IReadOnlyList<string> Members, IReadOnlyList<EnsembleSeat>? Ensemble = null);

internal sealed record EnsembleSeat(string Instrument, Scores.PartRole Role);

/// <summary>A decade: the sounds it prefers, and its genre when nothing else says one.</summary>
internal sealed record Era(string Name, IReadOnlyList<string> Words, string Genre, IReadOnlyList<string> Instruments);
