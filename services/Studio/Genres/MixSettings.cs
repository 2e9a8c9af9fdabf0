namespace Son1kVers3.Studio.Genres;

/// <summary>What a style asks of the mix.</summary>
/// <param name="DuckDecibels">How far bass, pads and chords step back on each kick: 0 for acoustic styles, 6–9 for dance music that
/// pumps.</param>
/// <param name="Room">Scales every part's reverb send; 1 is as written.</param>
/// <param name="DecaySeconds">Reverberation time (RT60) of the room.</param>
/// <param name="Glue">Ratio of the bus compressor; 1 is off.</param>
public sealed record MixSettings(double DuckDecibels = 2, double Room = 1, double DecaySeconds = 1.8, double Glue = 1.8)
{
    public static MixSettings Default { get; } = new();
}
