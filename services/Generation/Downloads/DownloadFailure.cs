using System.Text.Json.Serialization;
using Son1kVers3.Contracts;

namespace Son1kVers3.Generation.Downloads;

/// <summary>Why a zip could not be written, as clients tell it in their reader's language.</summary>
[JsonConverter(typeof(NamedEnumConverter<DownloadFailure>))]
internal enum DownloadFailure
{
    /// <summary>Its writers died, one after the other.</summary>
    [JsonStringEnumMemberName("interrupted")] Interrupted,

    /// <summary>The tracks are larger together than a zip may be.</summary>
    [JsonStringEnumMemberName("too-large")] TooLarge,
}

/// <summary>Besides the name, which programs read and the database keeps.</summary>
internal static class DownloadFailures
{
    /// <summary>For the owner; no technical text.</summary>
    public static string Sentence(this DownloadFailure failure) => failure switch
    {
        DownloadFailure.TooLarge => "These tracks are more than 4 GB together; ask for fewer, or for a smaller format.",
        _ => "Writing this file stopped several times. Ask for it again, or for fewer tracks.",
    };
}
