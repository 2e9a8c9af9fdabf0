using System.Text.Json.Serialization;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Planning;

/// <summary>What the studio understood and decided, before a note is written; stored with a job and shown to its owner.</summary>
/// <remarks>Round-trips through System.Text.Json. The same plan always composes the same score.</remarks>
public sealed record Plan
{
    /// <summary>Version of the rules that turn a plan into a score.</summary>
    public const string CurrentEngine = "studio-5";

    /// <summary>Slug of the genre.</summary>
    public required string Genre { get; init; }

    public required string Mood { get; init; }

    /// <summary>Beats a minute; the beat of 6/8 is the dotted quarter.</summary>
    public required int Tempo { get; init; }

    public required Key Key { get; init; }

    public required TimeSignature TimeSignature { get; init; }

    public required IReadOnlyList<PlanSection> Form { get; init; }

    /// <summary>Display names of the band.</summary>
    public required IReadOnlyList<string> Instruments { get; init; }

    public string EngineVersion { get; init; } = CurrentEngine;

    public string Title { get; init; } = "";

    /// <summary>Length of the finished audio.</summary>
    public required int DurationSeconds { get; init; }

    /// <summary>General level 0–1.</summary>
    public double Energy { get; init; }

    /// <summary>Seed of harmony and motifs.</summary>
    public int Seed { get; init; }

    /// <summary>Which take of the plan this is.</summary>
    public int Variation { get; init; }

    /// <summary>Takes of the genre's grooves and patterns that belong to what was asked for; empty for all.</summary>
    public IReadOnlyList<int> Takes { get; init; } = [];

    /// <summary>Who plays what.</summary>
    public required IReadOnlyList<PlanVoice> Voices { get; init; }

    /// <summary>Instruments and roles that must not sound.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>The composition itself: what a remix keeps.</summary>
    public required Sketch Sketch { get; init; }

    public bool Instrumental { get; init; } = true;

    /// <summary>What is sung, as <c>LyricText</c> leaves it.</summary>
    public string? Lyrics { get; init; }

    /// <summary><c>es</c> or <c>en</c>, of the lyrics; null in plans that leave it to their words.</summary>
    public string? Language { get; init; }

    /// <summary>Whether a vocoder sings; null where the genre says.</summary>
    public bool? Vocoder { get; init; }

    /// <summary>What was asked for and is not offered.</summary>
    public IReadOnlyList<IgnoredWish> Ignored { get; init; } = [];
}

/// <summary>A wish that the piece does not fulfil.</summary>
/// <param name="What">The wish, in the words of the request where it has some.</param>
/// <param name="Why">A sentence for the one who asked.</param>
public sealed record IgnoredWish(string What, string Why);

/// <summary>A section of the form.</summary>
/// <param name="Section"><c>intro</c>, <c>verse</c>, <c>pre-chorus</c>, <c>chorus</c>, <c>bridge</c>, <c>solo</c>, <c>break</c>,
/// <c>build</c> or <c>outro</c>.</param>
public sealed record PlanSection(string Section, double StartSeconds, int Bars)
{
    public double Energy { get; init; }

    /// <summary>Semitones above the key of the piece.</summary>
    public int KeyShift { get; init; }

    /// <summary>Index of the block of lyrics sung here; −1 for none.</summary>
    public int LyricBlock { get; init; } = -1;
}

/// <summary>An instrument in a chair of the genre's band.</summary>
/// <param name="Part">Id of the genre's part, or of the stand-in part for an instrument that was asked for.</param>
/// <param name="Instrument">Slug.</param>
public sealed record PlanVoice(
    string Part, string Instrument, [property: JsonConverter(typeof(JsonStringEnumConverter<PartRole>))] PartRole Role)
{
    /// <summary>Asked for by name: plays whatever the energy.</summary>
    public bool Asked { get; init; }
}

/// <summary>Harmony and motifs, independent of genre, tempo, key and band.</summary>
public sealed record Sketch
{
    /// <summary>Progression by section kind (<c>verse</c>, <c>chorus</c>, <c>bridge</c> …).</summary>
    public required IReadOnlyDictionary<string, string> Harmony { get; init; }

    /// <summary>Motif by section kind.</summary>
    public required IReadOnlyDictionary<string, Motif> Motifs { get; init; }
}

/// <summary>A two-bar statement and its two-bar answer.</summary>
/// <param name="FromTonic">Degrees count from the tonic and are sung as they are (a hummed melody), else from the phrase's anchor.</param>
public sealed record Motif(IReadOnlyList<MotifNote> Statement, IReadOnlyList<MotifNote> Answer, bool FromTonic = false);

/// <summary>A note of a motif: sixteenth-note step and length within two bars, and a scale degree.</summary>
/// <param name="Alter">Semitones the hummed pitch lies off the scale.</param>
public readonly record struct MotifNote(int Step, int Length, int Degree, int Alter = 0);
