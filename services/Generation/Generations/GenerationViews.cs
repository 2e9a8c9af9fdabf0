using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Generations;

/// <summary>A generation as the API shows it.</summary>
internal record GenerationView
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public required TrackStatus Status { get; init; }

    /// <summary>Percent of the whole, 0–100.</summary>
    public required int Progress { get; init; }

    /// <summary>Why it failed, in words for its owner.</summary>
    public string? Reason { get; init; }

    /// <summary>The same as a name, by which a client finds words in its reader's language.</summary>
    public FailureReason? ReasonCode { get; init; }
    public required string Title { get; init; }
    public string? Prompt { get; init; }
    public string? Lyrics { get; init; }
    public string? Genre { get; init; }
    public required Quality Quality { get; init; }
    public required Visibility Visibility { get; init; }

    /// <summary>As of its reservation.</summary>
    public required Tier Tier { get; init; }
    public required int Seed { get; init; }
    public required double DurationSeconds { get; init; }
    public required bool Instrumental { get; init; }
    public string? Provider { get; init; }
    public Guid? VoiceMemoId { get; init; }
    public required TrackKind Kind { get; init; }
    public Guid? ParentId { get; init; }

    /// <summary>What was understood; null until the composing is done.</summary>
    public PlanView? Plan { get; init; }
    public required IReadOnlyList<FileView> Files { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>In cold storage: asking for the audio brings it back first.</summary>
    public bool Archived { get; init; }

    /// <summary>Percent, 0–99, while it is brought back from cold storage; null when that was not asked for.</summary>
    public int? Restoring { get; init; }

    /// <summary>While it waits.</summary>
    public QueueView? Queue { get; init; }

    /// <summary>Since when a moderator keeps it out of sight; nobody hears it meanwhile.</summary>
    public DateTimeOffset? HiddenAt { get; init; }

    /// <summary>Why, for its owner.</summary>
    public string? HiddenReason { get; init; }
}

/// <summary>The answer to a new request.</summary>
[method: System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
internal sealed record AcceptedView(GenerationView View, QuotaView Quota) : GenerationView(View)
{
    [JsonIgnore]
    public GenerationView View { get; } = View;
}

/// <param name="Remaining">Units left in the period; null when unlimited.</param>
/// <param name="ResetAt">End of the period; null when unlimited.</param>
internal sealed record QuotaView(int? Remaining, DateTimeOffset? ResetAt);

/// <summary>Makes views of tracks.</summary>
internal sealed class GenerationViews(GenerationDb db, MediaUrls urls, RestoreProgress restores, QueueEstimates estimates)
{
    /// <summary>A track with its files, as <paramref name="viewer"/> sees it: prompt and lyrics are the owner's alone.</summary>
    public GenerationView Of(Track track, IReadOnlyList<TrackFile> files, Viewer viewer)
    {
        var own = track.UserId == viewer.UserId;
        var plan = PlanView.Of(track);
        return new GenerationView
        {
            Id = track.Id,
            UserId = track.UserId,
            Status = track.Status,
            Progress = track.Progress,
            Reason = track.Reason?.Sentence(),
            ReasonCode = track.Reason,
            Title = track.Title,
            Prompt = own ? track.Request.Prompt : null,
            Lyrics = own ? track.Request.Lyrics : null,
            Genre = track.Genre,
            Quality = track.Quality,
            Visibility = track.Visibility,
            Tier = track.Tier,
            Seed = track.Request.Seed,
            DurationSeconds = track.DurationSeconds ?? track.Request.DurationSeconds,
            // Lyrics in the prompt make a song of what was asked for without any.
            Instrumental = plan?.Instrumental ?? track.Request.Instrumental,
            Provider = track.Provider ?? track.Request.Provider,
            VoiceMemoId = own ? track.Request.VoiceMemoId : null,
            Kind = track.Kind,
            ParentId = track.ParentId,
            // What was not offered quotes the prompt, which is its owner's alone.
            Plan = own || plan is null ? plan : plan with { Ignored = [] },
            Files = urls.For(track, files, viewer),
            CreatedAt = track.CreatedAt,
            FinishedAt = track.FinishedAt,
            Archived = track.ArchivedAt is not null,
            HiddenAt = track.HiddenAt,
            HiddenReason = own || viewer.IsOperator ? track.HiddenReason : null,
        };
    }

    /// <summary>A track as <paramref name="viewer"/> sees it, with all that has to be looked up.</summary>
    public async Task<GenerationView> OfAsync(Track track, Viewer viewer, CancellationToken cancellationToken) =>
        (await OfAsync([track], viewer, cancellationToken))[0] with
        {
            Queue = track.Status == TrackStatus.Queued ? (await estimates.OfAsync(track)).After(0) : null,
        };

    /// <summary>Tracks as <paramref name="viewer"/> sees them in a list, without their places in the queue.</summary>
    public async Task<IReadOnlyList<GenerationView>> OfAsync(
        IReadOnlyList<Track> tracks, Viewer viewer, CancellationToken cancellationToken)
    {
        var ids = tracks.Select(t => t.Id).ToList();
        var stored = await db.TrackFiles.AsNoTracking().Where(f => ids.Contains(f.TrackId)).ToListAsync(cancellationToken);
        var files = stored.ToLookup(f => f.TrackId);
        var percents = await restores.OfAsync(tracks);
        return [.. tracks.Select(t => Of(t, [.. files[t.Id]], viewer) with { Restoring = percents.GetValueOrDefault(t.Id) })];
    }
}
