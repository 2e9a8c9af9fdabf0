using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Genres;

/// <summary>All that makes a style, as read from its data file (<c>Genres/Data/&lt;slug&gt;.json</c>).</summary>
public sealed record Genre
{
    /// <summary>Bars of a verse or chorus in most styles.</summary>
    public const int UsualStrophe = 8;

    /// <summary>Stable id such as <c>lo-fi</c>.</summary>
    public required string Slug { get; init; }

    public required GenreName Name { get; init; }

    /// <summary>Words and phrases of a prompt that mean this genre, lower case, without accents.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Those of <see cref="Words"/> that mean the genre only where no other is named: <c>epic</c> rock is rock.</summary>
    public IReadOnlyList<string> Faint { get; init; } = [];

    /// <summary>
    /// What a word of <see cref="Words"/> says beyond the genre. In the file several words may share an entry: <c>corrido|norteno</c>.
    /// </summary>
    public IReadOnlyDictionary<string, Style> Styles { get; init; } = new Dictionary<string, Style>();

    public required TempoRange Tempo { get; init; }

    /// <summary>Time signatures that the style is written in; the first is the usual one.</summary>
    public IReadOnlyList<string> Meters { get; init; } = ["4/4"];

    /// <summary>Takes that a piece may choose from when its sub-genre names none; empty for all.</summary>
    public IReadOnlyList<int> Takes { get; init; } = [];

    /// <summary>How often a piece is in another meter than the usual one when none is asked for, 0–1.</summary>
    public double OtherMeters { get; init; }

    /// <summary>How often the style is in minor, 0–1.</summary>
    public double Minor { get; init; }

    /// <summary>The mood when none is asked for.</summary>
    public required string Mood { get; init; }

    /// <summary>Moods that suit it.</summary>
    public IReadOnlyList<string> Moods { get; init; } = [];

    /// <summary>General level 0–1; scales density and velocity.</summary>
    public double Energy { get; init; } = 0.6;

    public Swing Swing { get; init; } = new();

    /// <summary>Chance that the last chorus is lifted by a tone, when there is room and no key was asked for.</summary>
    public double KeyChange { get; init; }

    /// <summary>
    /// Progressions by section kind; <c>verse</c> and <c>chorus</c> are always there. <c>cadence</c> is the bar before the last,
    /// <c>tonic</c> the last when it is not the tonic's own chord.
    /// </summary>
    public required IReadOnlyDictionary<string, Progressions> Harmony { get; init; }

    /// <summary>How often chords change within a bar.</summary>
    public ChordChanges Changes { get; init; } = new();

    public MelodyStyle Melody { get; init; } = new();

    /// <summary>Forms from short to long, sections separated by spaces.</summary>
    public required IReadOnlyList<string> Forms { get; init; }

    /// <summary>Bars of a verse, chorus or solo. Where it is more than eight, they come whole: twelve-bar blues is not cut.</summary>
    public int Strophe { get; init; } = UsualStrophe;

    /// <summary>Whether the strophe is a form of its own, with its own chords.</summary>
    public bool HasStropheForm => Strophe > UsualStrophe;

    public IReadOnlyList<Groove> Grooves { get; init; } = [];

    /// <summary>One-bar drum fills for 4/4.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Fills { get; init; } = [];

    public required IReadOnlyList<GenrePart> Parts { get; init; }

    /// <summary>What the style asks of the mix.</summary>
    public MixSettings Mix { get; init; } = MixSettings.Default;

    /// <summary>A vocoder sings, not a pitched voice.</summary>
    public bool Vocoder { get; init; }

    /// <summary>Standard deviation of played timing in ticks; 0 for machines.</summary>
    public double Looseness { get; init; } = 5;

    /// <summary>The chair of this id; null when the style has none.</summary>
    public GenrePart? FindPart(string? id) => Parts.FirstOrDefault(part => part.Id == id);
}

/// <summary>Display names.</summary>
public sealed record GenreName(string En, string Es);

/// <summary>
/// A sub-genre: where it differs. Energy is added to the genre's; minor replaces its chance, takes its takes, mood its mood, vocoder its
/// voice.
/// </summary>
public sealed record Style(int? Tempo = null, double Energy = 0, double? Minor = null, string? Meter = null,
    IReadOnlyList<int>? Takes = null, string? Mood = null, bool? Vocoder = null)
{
    /// <summary>Instruments that it is known by.</summary>
    public IReadOnlyList<string> Instruments { get; init; } = [];

    /// <summary>Instruments of the genre that it does without.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];
}

/// <summary>Beats a minute.</summary>
public sealed record TempoRange(int Min, int Max, int Default);

/// <summary>Where an off-beat falls in its pair: 0.5 is straight, 0.67 a triplet. Unit: 8 or 16.</summary>
public sealed record Swing(double Ratio = 0.5, int Unit = 8);

/// <summary>
/// Chord progressions: bars separated by spaces, chords within a bar by commas, in Roman numerals relative to the major scale of the tonic.
/// </summary>
public sealed record Progressions(IReadOnlyList<string> Major, IReadOnlyList<string> Minor);

/// <summary>What is added to the genre's progressions, each a chance for every bar.</summary>
/// <param name="TwoInABar">A second chord, one that the style puts between this and the next.</param>
/// <param name="Applied">The dominant of the next chord.</param>
public sealed record ChordChanges(double TwoInABar = 0, double Applied = 0);

/// <summary>How melodies of the style move; each 0–1 except <paramref name="Range"/> in semitones.</summary>
/// <param name="Density">Share of the grid that is played.</param>
/// <param name="Syncopation">How often a note starts off the beat.</param>
/// <param name="Leap">How often a step is wider than a second.</param>
/// <param name="Range">Ambitus in semitones.</param>
/// <param name="Rest">Share of a phrase in which the melody is silent before the next one, on average.</param>
/// <param name="Scale"><c>diatonic</c>, <c>pentatonic</c> or <c>blues</c>.</param>
public sealed record MelodyStyle(
    double Density = 0.5, double Syncopation = 0.3, double Leap = 0.25, int Range = 14, double Rest = 0.12, string Scale = "diatonic");

/// <summary>A drum pattern by instrument, used from energy <see cref="At"/> upwards.</summary>
public sealed record Groove
{
    public double At { get; init; }

    public string Meter { get; init; } = "4/4";

    /// <summary>For the percussion chair instead of the drum kit.</summary>
    public bool Percussion { get; init; }

    /// <summary>Grooves of one number go together; a piece keeps to one number, which its seed chooses.</summary>
    public int Take { get; init; }

    /// <summary>Sixteenth-note strings: <c>X</c> accent, <c>x</c> stroke, <c>o</c> ghost, <c>?</c> now and then, <c>.</c> rest.</summary>
    public required IReadOnlyDictionary<string, string> Lines { get; init; }
}

/// <summary>A chair of the band.</summary>
public sealed record GenrePart
{
    /// <summary>Unique in the genre.</summary>
    public required string Id { get; init; }

    public required PartRole Role { get; init; }

    /// <summary>Instruments that may sit here; the first is the usual one.</summary>
    public required IReadOnlyList<string> Instruments { get; init; }

    /// <summary>
    /// Id of the chair whose instrument it doubles: guitars recorded twice, the other hand of a piano. Without one, an instrument sits in
    /// one chair only.
    /// </summary>
    public string? Doubles { get; init; }

    /// <summary>Section energy from which it plays.</summary>
    public double From { get; init; }

    /// <summary>Section energy above which it rests.</summary>
    public double To { get; init; } = 1.1;

    /// <summary>Section kinds it is limited to; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Patterns from low to high energy; what the letters mean depends on the role.</summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];

    /// <summary>
    /// Lists to play from instead of <see cref="Patterns"/>, which are take 0; a piece keeps to one, which its seed chooses for all parts
    /// of a role.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Takes { get; init; } = [];

    /// <summary><c>close</c>, <c>open</c>, <c>power</c>, <c>tenth</c>, <c>shell</c>, <c>octave</c>.</summary>
    public string Voicing { get; init; } = "close";

    public int Octave { get; init; }

    public double? Gain { get; init; }

    public double? Pan { get; init; }

    public double? Reverb { get; init; }

    /// <summary>Ticks behind (positive) or ahead of the beat.</summary>
    public int Push { get; init; }

    /// <summary>Part of the nominal length that sounds: 1 is legato, 0.5 staccato.</summary>
    public double Length { get; init; } = 0.95;

    /// <summary>Chance to be in the band at all.</summary>
    public double Chance { get; init; } = 1;
}
