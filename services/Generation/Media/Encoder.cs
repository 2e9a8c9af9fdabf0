using Son1kVers3.Contracts;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Studio.Encoding;
using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Generation.Media;

/// <summary>Makes the formats that people fetch from a track's master.</summary>
internal sealed class Encoder(StudioKit kit)
{
    /// <summary>The media types by format.</summary>
    public static readonly IReadOnlyDictionary<string, string> Types = new Dictionary<string, string>
    {
        ["mp3"] = "audio/mpeg",
        ["opus"] = "audio/ogg",
        ["flac"] = "audio/flac",
        ["wav"] = "audio/wav",
    };

    /// <summary>Encodes a master as the quality says, tagged.</summary>
    /// <param name="written">Is told now and then how much of the piece is encoded.</param>
    public Task EncodeAsync(
        string master, string output, string format, Quality quality, TrackTags tags, CancellationToken cancellationToken, Action<TimeSpan>? written = null) =>
        new AudioEncoder(kit.Tools).EncodeAsync(master, output, Enum.Parse<AudioFormat>(format, ignoreCase: true), quality.ToStudio(), tags, cancellationToken, written);

    /// <summary>What is written into a track's files.</summary>
    public static TrackTags Tags(Guid id, string title, ProviderPlan plan) =>
        new(title, TrackTags.Encoder, GenreCatalog.Find(plan.Genre)?.Name.En ?? plan.Genre, plan.Tempo, plan.Key, id);
}
