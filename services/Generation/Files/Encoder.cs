using Son1kVers3.Contracts;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Studio;
using Son1kVers3.Studio.Encoding;
using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Generation.Files;

/// <summary>Makes the formats that people fetch from a track's master.</summary>
internal sealed class Encoder(StudioToolbox toolbox)
{
    /// <summary>Encodes a master as the quality says, tagged.</summary>
    /// <param name="written">Is told now and then how much of the piece is encoded.</param>
    public Task EncodeAsync(
        string master, string output, FileFormat format, Quality quality, TrackTags tags,
        CancellationToken cancellationToken, Action<TimeSpan>? written = null) =>
        new AudioEncoder(toolbox.Tools).EncodeAsync(master, output, FormatOf(format), quality.ToStudio(), tags, cancellationToken, written);

    /// <summary>What is written into a track's files.</summary>
    public static TrackTags Tags(Guid id, string title, TrackPlan plan) =>
        new(title, TrackTags.Encoder, GenreCatalog.Find(plan.Genre)?.Name.En ?? plan.Genre, plan.Tempo, plan.Key, id);

    private static AudioFormat FormatOf(FileFormat format) => format switch
    {
        FileFormat.Mp3 => AudioFormat.Mp3,
        FileFormat.Opus => AudioFormat.Opus,
        FileFormat.Flac => AudioFormat.Flac,
        FileFormat.Wav => AudioFormat.Wav,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No format of sound."),
    };
}

internal static class StudioQualities
{
    /// <summary>What a quality is called in the studio.</summary>
    public static StudioQuality ToStudio(this Quality quality) => quality switch
    {
        Quality.Standard => StudioQuality.Standard,
        Quality.High => StudioQuality.High,
        Quality.Ultra => StudioQuality.Ultra,
        _ => throw new ArgumentOutOfRangeException(nameof(quality), quality, "Unknown quality."),
    };
}
