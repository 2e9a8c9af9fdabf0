namespace Son1kVers3.Studio;

/// <summary>What somebody asks the studio for. Explicit fields win over what the prompt says.</summary>
public record StudioRequest
{
    /// <summary>Free text in Spanish or English.</summary>
    public required string Prompt { get; init; }

    public string? Title { get; init; }

    /// <summary>
    /// Words to sing, with optional <c>[Verse]</c>/<c>[Estribillo]</c> tags; used when <see cref="Instrumental"/> is false.
    /// </summary>
    public string? Lyrics { get; init; }

    /// <summary>A genre's slug or name.</summary>
    public string? Genre { get; init; }

    public string? Mood { get; init; }

    /// <summary>As <see cref="Scores.Key.TryParse"/> reads it; what it can't read is ignored, so validate before.</summary>
    public string? Key { get; init; }

    /// <summary>Beats a minute, 40–240; kept exactly.</summary>
    public int? Tempo { get; init; }

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
