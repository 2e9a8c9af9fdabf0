using System.Text.Json;

namespace Son1kVers3.Studio.Genres;

/// <summary>What genres share: grooves, fills and patterns of meters they do not spell out, and chairs for instruments that were asked for.</summary>
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

    private static Common Load()
    {
        using var stream = typeof(Common).Assembly.GetManifestResourceStream("common.json")!;
        return JsonSerializer.Deserialize<Common>(stream, GenreCatalog.Json)!;
    }
}

/// <summary>A word such as <c>guitar</c>: asked for, it is one instrument; excluded, all of its members.</summary>
internal sealed record InstrumentFamily(IReadOnlyList<string> Words, string Asked, IReadOnlyList<string> Members);

/// <summary>A decade: the sounds it prefers, and its genre when nothing else says one.</summary>
internal sealed record Era(string Name, IReadOnlyList<string> Words, string Genre, IReadOnlyList<string> Instruments);
