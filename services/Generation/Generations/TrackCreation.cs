using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Quotas;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Generations;

/// <summary>A track that somebody wants made, apart from what it shall sound like.</summary>
internal sealed record NewTrack(Guid UserId, Quality Quality, Visibility Visibility, TrackKind Kind = TrackKind.Original, Guid? ParentId = null);

/// <summary>Accepts requests for tracks: quota, then job, event and the repeatable answer in one transaction.</summary>
internal sealed class TrackCreation(GenerationDb db, Outbox outbox, Reservations reservations, ProviderCatalog providers, GenerationViews views, TimeProvider clock)
{
    /// <summary>One track; answers 202 with the generation.</summary>
    public Task<Accepted<AcceptedView>> CreateAsync(Operation operation, NewTrack track, TrackRequest request) =>
        CreateAsync(operation, track, [request], made => TypedResults.Accepted($"/api/generations/{made[0].Id}", made[0]));

    /// <summary>Several tracks, all or none.</summary>
    /// <param name="answer">What is answered and recorded.</param>
    public async Task<Accepted<T>> CreateAsync<T>(
        Operation operation, NewTrack track, IReadOnlyList<TrackRequest> requests, Func<IReadOnlyList<AcceptedView>, Accepted<T>> answer)
    {
        foreach (var request in requests)
            providers.RequireSomeoneFor(request, track.Quality);
        var further = Enumerable.Range(1, requests.Count - 1).Select(n => Sibling(operation.Id, n)).ToList();
        var reservation = await reservations.ReserveAsync(track.UserId, track.Quality, operation.Id, further);

        await using var transaction = await db.Database.BeginTransactionAsync();
        await reservations.ConfirmAsync(reservation);
        var tracks = new List<Track>();
        foreach (var (request, id) in requests.Zip(reservation.Ids))
            tracks.Add(await StoreAsync(id, track, request, reservation.Decision));
        var quota = new QuotaView(reservation.Decision.Remaining, reservation.Decision.ResetAt);
        var accepted = new List<AcceptedView>();
        foreach (var stored in tracks)
            accepted.Add(new AcceptedView(views.Of(stored, [], new Viewer(track.UserId)), quota) { Queue = await views.QueueOfAsync(stored) });
        var result = await operation.RecordAsync(db, answer(accepted));
        await transaction.CommitAsync();
        return result;
    }

    /// <summary>Stores one job behind the user's own waiting ones, and not behind anybody else's second.</summary>
    private async Task<Track> StoreAsync(Guid id, NewTrack wanted, TrackRequest request, QuotaDecision decision)
    {
        var track = new Track
        {
            Id = id,
            UserId = wanted.UserId,
            Kind = wanted.Kind,
            ParentId = wanted.ParentId,
            Request = request,
            Title = request.Title ?? request.DefaultTitle(),
            Genre = request.Genre ?? request.BasePlan?.Genre,
            Quality = wanted.Quality,
            Visibility = wanted.Visibility,
            Tier = decision.Tier,
            Allowance = decision.Allowance,
            Priority = decision.Priority,
            Turn = await NextTurnAsync(wanted.UserId, decision.Priority),
            Sequence = 1,
            CreatedAt = clock.GetUtcNow(),
        };
        db.Add(track);
        outbox.Publish(new GenerationRequested
        {
            Sequence = 1,
            GenerationId = id,
            UserId = track.UserId,
            Tier = track.Tier,
            Allowance = track.Allowance,
            Quality = track.Quality,
            Title = track.Title,
            ParentId = track.ParentId,
        });
        await db.SaveChangesAsync();
        await db.AddEventAsync(track, "queued", new { }, track.CreatedAt);
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({DatabaseSignals.JobsQueued}, '')");
        return track;
    }

    private async Task<long> NextTurnAsync(Guid user, int priority)
    {
        var turns = await db.Database.SqlQuery<long>(
            $"""
            SELECT GREATEST(
                COALESCE((SELECT max(turn) + 1 FROM tracks WHERE status = 'queued' AND user_id = {user}), 0),
                COALESCE((SELECT min(turn) FROM tracks WHERE status = 'queued' AND priority = {priority}), 0)) AS "Value"
            """).ToListAsync();
        return turns[0];
    }

    /// <summary>The n-th further id that belongs to an operation, the same on each attempt.</summary>
    private static Guid Sibling(Guid id, int n)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        bytes[15] ^= (byte)n;
        return new Guid(bytes);
    }
}
