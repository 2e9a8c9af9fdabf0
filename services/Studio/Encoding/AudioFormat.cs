using System.Globalization;

namespace Son1kVers3.Studio.Encoding;

/// <summary>Formats that a track can be fetched in.</summary>
public enum AudioFormat { Mp3, Opus, Flac, Wav }

/// <summary>What is written into a file about the track.</summary>
/// <param name="Key">As in "A minor"; null leaves it out.</param>
public sealed record TrackTags(string Title, string Artist, string Genre, double Tempo, string? Key, Guid GenerationId)
{
    /// <summary>The program that made the file.</summary>
    public const string Encoder = "Son1kVers3";

    /// <summary>Names of the frames and fields that mark the track as made by an AI, readable by people and machines.</summary>
    public const string AiMarker = "AI_GENERATED";

    /// <summary>Tag names and values as <paramref name="format"/> calls them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> For(AudioFormat format)
    {
        var tempo = Math.Round(Tempo).ToString(CultureInfo.InvariantCulture);
        List<KeyValuePair<string, string>> tags = [new("title", Title), new("artist", Artist), new("genre", Genre)];
        switch (format)
        {
            case AudioFormat.Mp3:
                tags.AddRange([new("TSSE", Encoder), new("TBPM", tempo), new("TKEY", ShortKey()), new(AiMarker, "true"),
                    new("GENERATION_ID", GenerationId.ToString())]);
                break;
            case AudioFormat.Wav:
                // RIFF INFO has no fields for the rest: they share the comment.
                tags.AddRange([new("ISFT", Encoder),
                    new("comment", $"AI-generated; {AiMarker}=true; BPM={tempo}; KEY={Key}; GENERATION_ID={GenerationId}")]);
                return tags;
            default:
                tags.AddRange(
                    [new("BPM", tempo), new("KEY", Key ?? ""), new(AiMarker, "true"), new("GENERATION_ID", GenerationId.ToString())]);
                break;
        }

        tags.Add(new("comment", "AI-generated"));
        return [.. tags.Where(tag => tag.Value.Length > 0)];
    }

    // ID3v2's TKEY: at most three characters, "Am", "Bb", "F#m".
    private string ShortKey()
    {
        var words = (Key ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? "" : words[0] + (words is [_, "minor", ..] ? "m" : "");
    }
}
