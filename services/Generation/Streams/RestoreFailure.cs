using System.Text.Json.Serialization;
using Son1kVers3.Contracts;

namespace Son1kVers3.Generation.Streams;

/// <summary>Why a track did not come back from the archive, as clients tell it in their reader's language.</summary>
[JsonConverter(typeof(NamedEnumConverter<RestoreFailure>))]
internal enum RestoreFailure
{
    /// <summary>It could not be written. Unless it was deleted it is kept in the archive, and can be asked for again.</summary>
    [JsonStringEnumMemberName("not-restored")] NotRestored,
}
