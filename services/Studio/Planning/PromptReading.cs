using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Planning;

/// <summary>What a prompt says; null or empty where it says nothing.</summary>
public sealed record PromptReading
{
    public Genre? Genre { get; init; }

    /// <summary>The sub-genre's peculiarities.</summary>
    public Style Style { get; init; } = new();

    public Mood? Mood { get; init; }

    /// <summary>Beats a minute, when a number or an Italian tempo word says it.</summary>
    public int? Tempo { get; init; }

    /// <summary>−1 very slow … 1 very fast.</summary>
    public double Pace { get; init; }

    public Key? Key { get; init; }

    /// <summary>Mode without a tonic.</summary>
    public bool? Minor { get; init; }

    /// <summary>The first of the time signatures named that the studio composes in.</summary>
    public string? Meter { get; init; }

    /// <summary>−1 … 1 beside the mood.</summary>
    public double Energy { get; init; }

    /// <summary>Instruments asked for.</summary>
    public IReadOnlyList<AskedInstrument> Asked { get; init; } = [];

    /// <summary>Slugs of instruments that must not sound.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>Nothing but what was asked for: <c>solo piano</c>.</summary>
    public bool AskedOnly { get; init; }

    /// <summary>A decade such as <c>80s</c>.</summary>
    public string? Era { get; init; }

    public int? DurationSeconds { get; init; }

    /// <summary>Sections to be there.</summary>
    public IReadOnlyList<string> WantedSections { get; init; } = [];

    /// <summary>Sections to leave out.</summary>
    public IReadOnlyList<string> UnwantedSections { get; init; } = [];

    /// <summary>Sections in their order, three at least, as in <c>verse chorus verse</c>; empty when no form was told.</summary>
    public IReadOnlyList<string> Form { get; init; } = [];

    /// <summary>Begins quietly and grows.</summary>
    public bool Rising { get; init; }

    /// <summary>A key change was asked for.</summary>
    public bool KeyChange { get; init; }

    /// <summary>Wishes that the studio knows and can't fulfil.</summary>
    public IReadOnlyList<IgnoredWish> Ignored { get; init; } = [];
}

/// <summary>An instrument that was asked for.</summary>
/// <param name="Slug">What it is when the genre has no wish.</param>
/// <param name="Members">What it may be: several for a word such as <c>guitar</c>.</param>
/// <param name="Solo">Asked for a solo.</param>
public sealed record AskedInstrument(string Slug, IReadOnlyList<string> Members, bool Solo = false);
