using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Quotas;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Generations;

/// <summary>A track that somebody wants made, apart from what it shall sound like.</summary>
internal sealed record NewTrack(
    Guid UserId, Quality Quality, Visibility Visibility, TrackKind Kind = TrackKind.Original, Guid? ParentId = null);

/// <summary>Accepts requests for tracks: quota, then job, event and the repeatable answer in one transaction.</summary>
/// <remarks>
/// The hottest write of the product: before the answer it sends few statements and commits twice, once before billing is asked and once for
/// everything else.
/// What is only an estimate is read before the transaction.
/// </remarks>
internal sealed class TrackCreation(
    GenerationDb db, Outbox outbox, Reservations reservations, FailureStreaks streaks, ProviderCatalog providers, GenerationViews views,
    QueueEstimates estimates,
    TimeProvider clock)
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
        await streaks.RequireAttemptAsync(track.UserId);
        var further = Enumerable.Range(1, requests.Count - 1).Select(n => Sibling(operation.Id, n)).ToList();
        var reservation = await reservations.ReserveAsync(track.UserId, track.Quality, operation.Id, further);
        var queue = await estimates.OfNextAsync(track.UserId, reservation.Decision.Priority);

        await using var transaction = await db.Database.BeginTransactionAsync();
        await reservations.ConfirmAsync(reservation);
        var tracks = await StoreAsync(reservation, track, requests);
        var quota = new QuotaView(reservation.Decision.Remaining, reservation.Decision.ResetAt);
        var result = await operation.RecordAsync(db, answer([.. tracks.Select((stored, n) =>
            new AcceptedView(views.Of(stored, [], new Viewer(track.UserId)), quota) { Queue = queue.After(n) })]));
        await transaction.CommitAsync();
        return result;
    }

    /// <summary>Stores jobs behind the member's own waiting ones, and not behind anybody else's second.</summary>
    private async Task<IReadOnlyList<Track>> StoreAsync(Reservation reservation, NewTrack wanted, IReadOnlyList<TrackRequest> requests)
    {
        var now = clock.GetUtcNow();
        // First of all: it locks the member's row, so that of two requests at once the second finds the turn of the first taken.
        await db.AddQueuedEventsAsync(wanted.UserId, reservation.Ids, now);
        var turn = await NextTurnAsync(wanted.UserId, reservation.Decision.Priority);
        var tracks = requests.Zip(reservation.Ids, (request, id) => New(id, wanted, request, reservation.Decision, turn++, now)).ToList();
        foreach (var track in tracks)
        {
            db.Add(track);
            outbox.Publish(Requested(track));
        }

        await db.SaveChangesAsync();
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({DatabaseSignals.JobsQueued}, '')");
        return tracks;
    }

    private static Track New(Guid id, NewTrack wanted, TrackRequest request, QuotaDecision decision, long turn, DateTimeOffset now) => new()
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
        Turn = turn,
        Sequence = 1,
        CreatedAt = now,
    };

    private static GenerationRequested Requested(Track track) => new()
    {
        Sequence = 1,
        GenerationId = track.Id,
        UserId = track.UserId,
        Tier = track.Tier,
        Allowance = track.Allowance,
        Quality = track.Quality,
        Title = track.Title,
        ParentId = track.ParentId,
    };

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
