using System.Text.Json.Serialization;
using Son1kVers3.Contracts;

namespace Son1kVers3.Generation.Tracks;

/// <summary>Why a job ended without a track, as clients tell it in their reader's language.</summary>
[JsonConverter(typeof(NamedEnumConverter<FailureReason>))]
internal enum FailureReason
{
    /// <summary>It could not be made, and nobody but us can do anything about it.</summary>
    [JsonStringEnumMemberName("not-made")] NotMade,

    /// <summary>Its words were refused.</summary>
    [JsonStringEnumMemberName("content-rejected")] ContentRejected,

    /// <summary>It asked for something that nobody here can make.</summary>
    [JsonStringEnumMemberName("invalid-request")] InvalidRequest,

    /// <summary>Every provider had as much to do as it may.</summary>
    [JsonStringEnumMemberName("busy")] Busy,

    /// <summary>Its workers died, one after the other.</summary>
    [JsonStringEnumMemberName("interrupted")] Interrupted,
}

/// <summary>Besides the name, which programs read and the database keeps.</summary>
internal static class FailureReasons
{
    /// <summary>For the owner; no technical text.</summary>
    public static string Sentence(this FailureReason reason) => reason switch
    {
        FailureReason.ContentRejected => "The request was refused because of its content. Change the words of the prompt or the lyrics.",
        FailureReason.InvalidRequest => "The request asks for something that cannot be made. Change it and try again.",
        FailureReason.Busy => "Too much is being made at the moment. Nothing was counted; try again later.",
        FailureReason.Interrupted =>
            "The studio stopped several times while making this track. Nothing was counted; try again or change the request.",
        _ => "The studio could not make this track. Nothing was counted; try again or change the request.",
    };
}
