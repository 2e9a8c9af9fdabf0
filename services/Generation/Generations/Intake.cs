using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Quotas;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Generations;

/// <summary>What somebody wants made.</summary>
internal sealed record Commission(Guid UserId, Quality Quality, Visibility Visibility, TrackKind Kind = TrackKind.Original, Guid? ParentId = null);

/// <summary>Takes an order in: quota, then job, event and the repeatable answer in one transaction.</summary>
internal sealed class Intake(GenerationDb db, Outbox outbox, Reservations reservations, ProviderCatalog providers, GenerationViews views, TimeProvider clock)
{
    /// <summary>One order; answers 202 with the generation.</summary>
    public Task<IResult> AcceptAsync(Operation operation, Commission commission, TrackOrder order) =>
        AcceptAsync(operation, commission, [order], made => (made[0], $"/api/generations/{made[0].Id}"));

    /// <summary>Several orders, all or none.</summary>
    /// <param name="answer">Makes the body, and the address of the new resource if it is one.</param>
    public async Task<IResult> AcceptAsync<T>(
        Operation operation, Commission commission, IReadOnlyList<TrackOrder> orders, Func<IReadOnlyList<AcceptedView>, (T Body, string? Location)> answer)
    {
        foreach (var order in orders)
            providers.RequireSomeoneFor(order, commission.Quality);
        var further = Enumerable.Range(1, orders.Count - 1).Select(n => Sibling(operation.Id, n)).ToList();
        var reservation = await reservations.ReserveAsync(commission.UserId, commission.Quality, operation.Id, further);

        await using var transaction = await db.Database.BeginTransactionAsync();
        await reservations.SpendAsync(reservation);
        var tracks = new List<Track>();
        foreach (var (order, id) in orders.Zip(reservation.Ids))
            tracks.Add(await StoreAsync(id, commission, order, reservation.Decision));
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({JobSignals.Queued}, '')");
        var quota = new QuotaView(reservation.Decision.Remaining, reservation.Decision.ResetAt);
        var accepted = new List<AcceptedView>();
        foreach (var track in tracks)
            accepted.Add(new AcceptedView(views.Of(track, [], commission.UserId), quota) { Queue = await views.QueueOfAsync(track) });
        var (body, location) = answer(accepted);
        var result = await operation.RecordAsync(db, StatusCodes.Status202Accepted, body, location);
        await transaction.CommitAsync();
        return result;
    }

    /// <summary>Stores one job behind the user's own waiting ones, and not behind anybody else's second.</summary>
    private async Task<Track> StoreAsync(Guid id, Commission commission, TrackOrder order, QuotaDecision decision)
    {
        var track = new Track
        {
            Id = id,
            UserId = commission.UserId,
            Kind = commission.Kind,
            ParentId = commission.ParentId,
            Order = order,
            Title = order.Title ?? order.Heading(),
            Genre = order.Genre ?? order.BasePlan?.Genre,
            Quality = commission.Quality,
            Visibility = commission.Visibility,
            Tier = decision.Tier,
            Allowance = decision.Allowance,
            Priority = decision.Priority,
            Turn = await NextTurnAsync(commission.UserId, decision.Priority),
            Sequence = 1,
            CreatedAt = clock.GetUtcNow(),
        };
        db.Add(track);
        db.Add(new TrackEvent { TrackId = id, Sequence = 1, Kind = "queued", Data = "{}", At = track.CreatedAt });
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
        return track;
    }

    private async Task<long> NextTurnAsync(Guid user, int priority)
    {
        var turns = await db.Database.SqlQuery<long>(
            $"""
            SELECT GREATEST(
                COALESCE((SELECT max(turn) + 1 FROM generations WHERE status = 'queued' AND user_id = {user}), 0),
                COALESCE((SELECT min(turn) FROM generations WHERE status = 'queued' AND priority = {priority}), 0)) AS "Value"
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
