using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Storage;

namespace Son1kVers3.Generation.Generations;

/// <summary>A generation as the API shows it.</summary>
internal record GenerationView
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public required TrackStatus Status { get; init; }

    /// <summary>Percent of the whole, 0–100.</summary>
    public required int Progress { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }
    public required string Title { get; init; }
    public string? Prompt { get; init; }
    public string? Lyrics { get; init; }
    public string? Genre { get; init; }
    public required Quality Quality { get; init; }
    public required Visibility Visibility { get; init; }
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
}

/// <summary>The answer to a new order.</summary>
[method: System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
internal sealed record AcceptedView(GenerationView View, QuotaView Quota) : GenerationView(View)
{
    [JsonIgnore]
    public GenerationView View { get; } = View;
}

/// <param name="Remaining">Units left in the period; null when unlimited.</param>
/// <param name="ResetAt">End of the period; null when unlimited.</param>
internal sealed record QuotaView(int? Remaining, DateTimeOffset? ResetAt);

/// <param name="Position">1 is next.</param>
/// <param name="EstimatedSeconds">Until it starts; a guess from what the last ones took.</param>
internal sealed record QueueView(int Position, int EstimatedSeconds);

/// <param name="Bytes">Null while the format has not been asked for: it is made on the first request.</param>
/// <param name="Url">Signed; valid for an hour.</param>
internal sealed record FileView(string Kind, string Format, long? Bytes, string Url);

/// <summary>The public part of a plan.</summary>
internal sealed record PlanView
{
    public string? Genre { get; init; }
    public string? Mood { get; init; }
    public double Tempo { get; init; }
    public string? Key { get; init; }
    public string? TimeSignature { get; init; }
    public IReadOnlyList<PlanSectionView> Form { get; init; } = [];
    public IReadOnlyList<string> Instruments { get; init; } = [];
    public string? EngineVersion { get; init; }

    /// <summary>Nothing is sung; null where the provider does not say.</summary>
    public bool? Instrumental { get; init; }

    /// <summary>What was asked for and is not offered; the owner's alone, for it quotes the prompt.</summary>
    public IReadOnlyList<IgnoredWishView> Ignored { get; init; } = [];
}

internal sealed record IgnoredWishView(string What, string Why);

internal sealed record PlanSectionView(string Section, double StartSeconds, int Bars);

/// <summary>Makes views of tracks.</summary>
internal sealed class GenerationViews(GenerationDb db, MediaUrls urls, RestoreProgress restores, JobOptions jobs)
{
    /// <summary>A track with its files, as <paramref name="viewer"/> sees it: prompt and lyrics are the owner's alone.</summary>
    public GenerationView Of(Track track, IReadOnlyList<TrackFile> files, Guid viewer)
    {
        var own = track.UserId == viewer;
        var plan = track.Plan is null ? null : JsonSerializer.Deserialize<PlanView>(track.Plan, JsonSerializerOptions.Web);
        return new GenerationView
        {
            Id = track.Id,
            UserId = track.UserId,
            Status = track.Status,
            Progress = track.Progress,
            Reason = track.Reason,
            Title = track.Title,
            Prompt = own ? track.Order.Prompt : null,
            Lyrics = own ? track.Order.Lyrics : null,
            Genre = track.Genre,
            Quality = track.Quality,
            Visibility = track.Visibility,
            Seed = track.Order.Seed,
            DurationSeconds = track.DurationSeconds ?? track.Order.DurationSeconds,
            Instrumental = plan?.Instrumental ?? track.Order.Instrumental,
            Provider = track.Provider ?? track.Order.Provider,
            VoiceMemoId = own ? track.Order.VoiceMemoId : null,
            Kind = track.Kind,
            ParentId = track.ParentId,
            Plan = own || plan is null ? plan : plan with { Ignored = [] },
            Files = urls.For(track, files, viewer),
            CreatedAt = track.CreatedAt,
            FinishedAt = track.FinishedAt,
            Archived = track.ArchivedAt is not null,
        };
    }

    /// <summary>A track as <paramref name="viewer"/> sees it, with all that has to be looked up.</summary>
    public async Task<GenerationView> OfAsync(Track track, Guid viewer, CancellationToken cancellationToken) =>
        (await OfAsync([track], viewer, cancellationToken))[0] with { Queue = track.Status == TrackStatus.Queued ? await QueueOfAsync(track) : null };

    /// <summary>Tracks as <paramref name="viewer"/> sees them in a list, without their places in the queue.</summary>
    public async Task<IReadOnlyList<GenerationView>> OfAsync(IReadOnlyList<Track> tracks, Guid viewer, CancellationToken cancellationToken)
    {
        var ids = tracks.Select(t => t.Id).ToList();
        var files = (await db.TrackFiles.AsNoTracking().Where(f => ids.Contains(f.TrackId)).ToListAsync(cancellationToken)).ToLookup(f => f.TrackId);
        var percents = await restores.OfAsync(tracks);
        return [.. tracks.Select(t => Of(t, [.. files[t.Id]], viewer) with { Restoring = percents.GetValueOrDefault(t.Id) })];
    }

    /// <summary>Place in the queue.</summary>
    public async Task<QueueView> QueueOfAsync(Track track)
    {
        var facts = (await db.Database.SqlQuery<QueueFacts>(
            $"""
            SELECT (SELECT count(*) FROM generations q WHERE q.status = 'queued'
                    AND (q.priority > {track.Priority} OR (q.priority = {track.Priority} AND (q.turn, q.id) < ({track.Turn}, {track.Id})))) AS ahead,
                (SELECT COALESCE(sum(slots), 0) FROM workers WHERE seen_at > now() - interval '10 seconds') AS slots,
                (SELECT COALESCE(avg(extract(epoch FROM d.took)), 0)::float8 FROM (
                    SELECT finished_at - started_at AS took FROM generations WHERE status = 'completed' ORDER BY finished_at DESC LIMIT 20) d) AS seconds
            """).ToListAsync())[0];
        var slots = Math.Max(facts.Slots, jobs.Workers > 0 ? jobs.Workers : 1);
        var each = facts.Seconds > 0 ? facts.Seconds : jobs.TypicalSeconds;
        return new QueueView((int)facts.Ahead + 1, (int)Math.Ceiling(facts.Ahead / (double)slots * each));
    }

    private sealed record QueueFacts(long Ahead, long Slots, double Seconds);
}
