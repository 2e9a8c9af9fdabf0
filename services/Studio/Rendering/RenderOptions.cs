using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Lyrics;
using Son1kVers3.Studio.Mixing;
using Son1kVers3.Studio.Singing;

namespace Son1kVers3.Studio.Rendering;

/// <summary>How a score is to be rendered.</summary>
/// <param name="OutputDirectory">Created if it is not there; holds the master, the preview and the stems afterwards, and nothing of a run
/// that failed or was cancelled.</param>
/// <param name="DurationSeconds">The asked length; the result is within 2 s of it. Null: the score's own length and a ringing tail.</param>
/// <param name="Stems">Also writes each part as it stands in the mix, before mastering.</param>
/// <param name="PreviewSeconds">Length of the preview that is reported before the rest is rendered; 0 for none.</param>
/// <param name="KeepMix">Also writes the mix before mastering (<c>mix.wav</c>, 32 bit float).</param>
public sealed record RenderOptions(
    StudioQuality Quality,
    string OutputDirectory,
    double? DurationSeconds = null,
    bool Stems = false,
    double PreviewSeconds = 10,
    bool KeepMix = false)
{
    /// <summary>What the style asks of the mix.</summary>
    public MixSettings Mix { get; init; } = MixSettings.Default;

    /// <summary>How this very piece is mixed within its style.</summary>
    public MixCharacter Character { get; init; } = MixCharacter.Neutral;

    /// <summary>How lyrics are sung.</summary>
    public VoiceSettings Voice { get; init; } = VoiceSettings.Default;
}

/// <summary>Where a render stands.</summary>
public enum RenderStage { Preview, Rendering, Mastering }

/// <param name="Percent">0–100 within the stage, by audio done. The preview is reported once, at 100, with its path.</param>
public sealed record RenderProgress(RenderStage Stage, int Percent, string? PreviewPath = null);

/// <summary>A finished render.</summary>
/// <param name="MasterPath">The lossless master, FLAC, 44.1 kHz stereo: 24 bit for ultra, otherwise 16 bit. Untagged.</param>
/// <param name="LoudnessLufs">Integrated loudness of the master (ITU-R BS.1770-4).</param>
/// <param name="TruePeakDbtp">True peak of the master, 4× oversampled.</param>
/// <param name="StartOffsetSeconds">Seconds of silence at the score's start that the recording leaves out: subtract it from score
/// times.</param>
/// <param name="PreviewPath">MP3 of the first seconds with a provisional gain.</param>
/// <param name="Words">The sung words, in seconds of the recording.</param>
public sealed record RenderResult(
    string MasterPath,
    double LoudnessLufs,
    double TruePeakDbtp,
    double DurationSeconds,
    double StartOffsetSeconds,
    IReadOnlyList<RenderedStem> Stems,
    string? PreviewPath,
    string? MixPath,
    IReadOnlyList<WordTiming> Words);

/// <param name="Name">The part's name.</param>
/// <param name="Path">FLAC, 24 bit, 44.1 kHz stereo. The stems add up to the mix before mastering.</param>
public sealed record RenderedStem(string Name, string Path);
