namespace Son1kVers3.Studio.Singing;

/// <summary>How lyrics are sung.</summary>
/// <param name="Language"><c>es</c> or <c>en</c>.</param>
/// <param name="Vocoder">A vocoder carries the words instead of the pitched voice, as electronic styles like it.</param>
public sealed record VoiceSettings(string Language = "en", bool Vocoder = false)
{
    public static VoiceSettings Default { get; } = new();
}
