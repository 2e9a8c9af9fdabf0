namespace Son1kVers3.Studio;

/// <summary>What somebody says a piece should be. Explicit fields win over what the prompt says.</summary>
public abstract record MusicBrief
{
    /// <summary>What it should sound like: free text in Spanish or English, 1–2000 characters.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>At most 120 characters; made from the prompt when missing.</summary>
    public string? Title { get; init; }

    /// <summary>Words to sing, with optional <c>[Verse]</c>/<c>[Estribillo]</c> tags, at most 5000 characters.</summary>
    public string? Lyrics { get; init; }

    /// <summary>A genre's slug or name, see <c>GET /api/genres</c>.</summary>
    public string? Genre { get; init; }

    public string? Mood { get; init; }

    /// <summary>For example <c>A minor</c>, <c>Bb major</c>.</summary>
    public string? Key { get; init; }

    /// <summary>Beats a minute, 40–240; kept exactly.</summary>
    public int? Tempo { get; init; }
}

/// <summary>A brief with everything settled that the prompt does not: the same request gives the same music.</summary>
/// <remarks>
/// Words are sung when <see cref="Instrumental"/> is false. A key is read by <see cref="Scores.Key.TryParse"/>; what it can't read is ignored, so
/// validate before.
/// </remarks>
public record StudioRequest : MusicBrief
{
    /// <summary>A request with nothing settled yet.</summary>
    public StudioRequest()
    {
    }

    /// <summary>A request for what a brief says.</summary>
    public StudioRequest(MusicBrief brief)
        : base(brief)
    {
    }

    /// <summary>Length of the finished audio, 10–300.</summary>
    public int DurationSeconds { get; init; } = 60;

    /// <summary>Nobody set <see cref="DurationSeconds"/>: a length in the prompt may.</summary>
    public bool LengthFromPrompt { get; init; }

    public bool Instrumental { get; init; } = true;

    /// <summary>The same request and seed give the same music.</summary>
    public int Seed { get; init; }

    /// <summary>A hummed melody that becomes the motif of the piece.</summary>
    public IReadOnlyList<MelodyNote>? Melody { get; init; }

    /// <summary>0 is the piece itself; other numbers are other takes of the same plan.</summary>
    public int Variation { get; init; }
}

/// <summary>A note of a hummed melody. Pitch is a MIDI number; confidence is 0–1.</summary>
public readonly record struct MelodyNote(double StartSeconds, double DurationSeconds, int Pitch, double Confidence);
