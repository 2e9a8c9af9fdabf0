using Son1kVers3.Contracts;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Providers;

/// <summary>Somebody who makes a track of a request: the studio on this machine, or a service elsewhere.</summary>
/// <remarks>
/// One job is one handle: submit, follow it to its end, fetch the result. All methods throw <see cref="ProviderException"/> for what goes
/// wrong at the provider,
/// and nothing else but cancellation. After <see cref="CancelAsync"/> nothing of the job goes on.
/// A job elsewhere outlives the worker that follows it, and is paid for: its provider tells a checkpoint
/// (<see cref="ProviderProgress.Checkpoint"/>), with which any worker goes on following the same job. What works in this process alone
/// tells none, and is made anew.
/// </remarks>
internal interface IMusicProvider
{
    /// <summary>Stable, lower case; what requests name.</summary>
    string Name { get; }

    /// <summary>What it can do at all.</summary>
    ProviderCapabilities Capabilities { get; }

    /// <summary>Whether it can do it now.</summary>
    ValueTask<ProviderStatus> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>Hands the request over; returns the job's handle.</summary>
    Task<string> SubmitAsync(ProviderRequest request, CancellationToken cancellationToken);

    /// <summary>The job's progress to its end; the enumeration ends when the result can be fetched.</summary>
    IAsyncEnumerable<ProviderProgress> FollowAsync(string handle, CancellationToken cancellationToken);

    /// <summary>The finished job's files; the handle is spent.</summary>
    Task<ProviderResult> FetchAsync(string handle, CancellationToken cancellationToken);

    /// <summary>Stops a job; unknown and finished ones too, without an error.</summary>
    Task CancelAsync(string handle);

    /// <summary>Takes up the job of a checkpoint, which another worker began; returns its handle here.</summary>
    Task<string> ResumeAsync(ProviderRequest request, string checkpoint, CancellationToken cancellationToken) =>
        SubmitAsync(request, cancellationToken);

    /// <summary>Forgets a job here that somebody else will follow by its checkpoint; without a checkpoint it is stopped.</summary>
    Task LeaveAsync(string handle) => CancelAsync(handle);

    /// <summary>Stops the job of a checkpoint that nobody follows any more; one that is over too, without an error.</summary>
    Task CancelLeftAsync(string checkpoint) => Task.CompletedTask;
}

/// <param name="Qualities">Those it can deliver.</param>
/// <param name="Lyrics">Sings given words.</param>
/// <param name="Plans">Plays a given plan: remix, extension, variation, hummed motif.</param>
internal sealed record ProviderCapabilities(IReadOnlyList<Quality> Qualities, int LongestSeconds, bool Lyrics, bool Plans)
{
    /// <summary>Whether a request is within them.</summary>
    public bool Covers(TrackRequest request, Quality quality) =>
        Qualities.Contains(quality) && request.DurationSeconds <= LongestSeconds && (Lyrics || request.Instrumental)
            && (Plans || (request.BasePlan is null && request.Melody is null));
}

/// <param name="Detail">What is wrong and what helps; null when nothing is.</param>
internal sealed record ProviderStatus(bool Available, string? Detail = null)
{
    /// <summary>Somebody wants it used: what is off is not missed.</summary>
    public bool Configured { get; init; } = true;
}

/// <param name="Folder">Where the result's files are to be put; belongs to this attempt alone.</param>
internal sealed record ProviderRequest(Guid TrackId, TrackRequest Request, Quality Quality, string Folder);

/// <summary>Where a job stands.</summary>
/// <param name="Stage">Composing, rendering or mastering.</param>
/// <param name="Percent">Of that stage.</param>
internal sealed record ProviderProgress(TrackStatus Stage, int Percent)
{
    /// <summary>Told once, as soon as it is known.</summary>
    public TrackPlan? Plan { get; init; }

    /// <summary>MP3 of the first seconds, told once if at all.</summary>
    public string? PreviewPath { get; init; }

    /// <summary>JSON with which another worker takes the job up, told as soon as the job is there, if at all.</summary>
    public string? Checkpoint { get; init; }
}

/// <param name="MasterPath">Lossless, FLAC.</param>
/// <param name="Files">Whatever else came of it.</param>
/// <param name="Title">That stands in them; null where none does.</param>
internal sealed record ProviderResult(
    string MasterPath, double DurationSeconds, TrackPlan Plan, string? Title, IReadOnlyList<ProviderFile> Files)
{
    /// <summary>Who made it.</summary>
    public string? Provider { get; init; }
}

internal sealed record ProviderFile(FileSpec Spec, string Path);

/// <summary>What can go wrong at any provider, and so what to do about it.</summary>
internal enum ProviderError
{
    /// <summary>Try again, here or elsewhere.</summary>
    Transient,

    /// <summary>Elsewhere, or here later.</summary>
    RateLimited,
    ConcurrencyLimited,
    QuotaExhausted,
    Unauthorized,

    /// <summary>The request itself is the reason: nobody else is asked.</summary>
    ContentRejected,
    InvalidRequest,
}

/// <summary>A provider could not do it.</summary>
/// <param name="message">For the log.</param>
internal class ProviderException(ProviderError error, string message, Exception? inner = null) : Exception(message, inner)
{
    public ProviderError Error { get; } = error;

    /// <summary>Whether the next provider is asked.</summary>
    public bool MayFallBack => Error is not (ProviderError.ContentRejected or ProviderError.InvalidRequest);
}
