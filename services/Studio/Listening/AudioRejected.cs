namespace Son1kVers3.Studio.Listening;

/// <summary>Why an upload is not taken.</summary>
public enum AudioRejection
{
    /// <summary>Nothing in it.</summary>
    Empty,

    /// <summary>No audio format that we know, or broken.</summary>
    NotAudio,

    /// <summary>Over the limit.</summary>
    TooLong,

    /// <summary>Audio, but no pitch in it that could be a melody.</summary>
    NoMelody,
}

/// <summary>An upload that is not taken: the sender's doing, not ours.</summary>
public sealed class AudioRejectedException(AudioRejection reason, Exception? cause = null)
    : Exception($"The audio was rejected: {reason}.", cause)
{
    public AudioRejection Reason { get; } = reason;
}
