using Son1kVers3.Contracts;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Generation.Providers.Remote;

/// <summary>How one service elsewhere is asked for music: its dialect, and nothing of jobs, leases or sound.</summary>
internal abstract class RemoteService
{
    protected static readonly IReadOnlyList<Quality> AllQualities = [Quality.Standard, Quality.High, Quality.Ultra];

    /// <summary>As stealth calls it.</summary>
    public abstract string Name { get; }

    public abstract ProviderCapabilities Capabilities { get; }

    /// <summary>Whether this order is a job of several calls, which one account has to answer; else one call's answer is the sound.</summary>
    /// <remarks>
    /// A job is followed by the next worker when this one dies. One call is not: what it was about to answer is lost with the worker, and
    /// made (and perhaps paid) anew, since none of these services recognises a request that comes twice. So is, in the instant before it is
    /// stored, the id of a job.
    /// </remarks>
    public virtual bool IsJob(TrackRequest request) => false;

    /// <summary>Begins the work; null when it is already done and the sound is in <see cref="RemoteOrder.SoundPath"/>.</summary>
    public abstract Task<RemoteJob?> StartAsync(EgressJob egress, RemoteOrder order, CancellationToken cancellationToken);

    /// <summary>Whether a job is done; its sound is in <see cref="RemoteOrder.SoundPath"/> then.</summary>
    public virtual Task<bool> PollAsync(EgressJob egress, RemoteJob job, RemoteOrder order, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{Name} has no jobs to poll.");

    /// <summary>Stops a job where the service can.</summary>
    public virtual Task CancelAsync(EgressJob egress, RemoteJob job, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A job at the service.</summary>
/// <param name="Id">The service's own.</param>
/// <param name="Addresses">Where it is asked for, where its result lies and where it is stopped, by services that say so.</param>
internal sealed record RemoteJob(string Id, RemoteAddresses? Addresses = null);

/// <summary>Paths of a job.</summary>
internal sealed record RemoteAddresses(string Status, string Result, string Cancel);

/// <param name="Plan">What the studio's planner reads of the request: its tempo, key and form are what is asked for.</param>
/// <param name="SoundPath">Where the sound is to be put, in whatever format it comes.</param>
internal sealed record RemoteOrder(TrackRequest Request, Plan Plan, string SoundPath)
{
    /// <summary>The words to sing; null when nothing is sung.</summary>
    public string? Lyrics => Plan.Instrumental || string.IsNullOrWhiteSpace(Request.Lyrics) ? null : Request.Lyrics;

    /// <summary>The request in words, for services that read nothing else.</summary>
    public string Description => string.Join(", ", new[]
    {
        Request.Prompt.Trim(), Plan.Genre, Plan.Mood, FormattableString.Invariant($"{Plan.Tempo} BPM"), Plan.Key.Name,
        $"{Plan.TimeSignature.Numerator}/{Plan.TimeSignature.Denominator} time", "form: " + string.Join(", ", Plan.Form.Select(s => s.Section)),
        Lyrics is null ? "instrumental, no vocals" : "with vocals",
    }.Where(part => !string.IsNullOrWhiteSpace(part)));

    /// <summary>The description, at most this long; what follows the prompt counts more than its end.</summary>
    public string DescriptionWithin(int longest)
    {
        var excess = Description.Length - longest;
        if (excess <= 0)
            return Description;
        var prompt = Request.Prompt.Trim();
        return (this with { Request = Request with { Prompt = prompt[..Math.Max(0, prompt.Length - excess)] } }).Description;
    }
}
