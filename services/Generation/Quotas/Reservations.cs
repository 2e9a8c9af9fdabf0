using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Quotas;

/// <summary>Takes units from billing so that none is lost whenever a process dies.</summary>
/// <remarks>
/// The ids are stored as pending, then billing is asked, then the jobs are stored in the transaction that deletes that
/// (<see cref="ConfirmAsync"/>).
/// Who dies between leaves them behind: <see cref="PendingReservationSweeper"/> returns their units. Deleting the row decides between the
/// two.
/// </remarks>
internal sealed class Reservations(GenerationDb db, Outbox outbox, QuotaClient billing, TimeProvider clock)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Reserves a unit for <paramref name="first"/> and, together or not at all, for each of <paramref name="further"/>.
    /// An id whose units were given back before (a repeated request after a failed attempt) is spent: fresh ids take its place.
    /// </summary>
    /// <exception cref="ProblemException">Denied, or billing is away (503; nothing stays reserved).</exception>
    public async Task<Reservation> ReserveAsync(Guid user, Quality quality, Guid first, IReadOnlyList<Guid> further)
    {
        Guid[] ids = [first, .. further];
        for (var attempt = 0; ; attempt++)
        {
            await StorePendingAsync(user, ids);
            var decision = await billing.AskAsync(
                new ReserveQuota { ReservationId = ids[0], UserId = user, Quality = quality, FurtherIds = ids[1..] });
            if (decision is null)
            {
                await ReturnAsync(db, outbox, ids[0], "Billing did not answer in time.");
                throw Problem.Unavailable(
                    "Your quota cannot be checked at the moment. Nothing was started or counted; try again shortly.", RetryAfter);
            }

            if (decision.Granted)
                return new Reservation(ids, decision);
            await DeletePendingAsync(ids[0]);
            if (decision.Denial != QuotaClient.ReservationReleased || attempt > 0)
                throw billing.Denied(decision);
            ids = [.. ids.Select(_ => Guid.CreateVersion7(clock.GetUtcNow()))];
        }
    }

    /// <summary>In the transaction that stores the jobs: the reservation is no longer in doubt.</summary>
    /// <exception cref="ProblemException">503: it took so long that the units went back.</exception>
    public async Task ConfirmAsync(Reservation reservation)
    {
        if (await DeletePendingAsync(reservation.Ids[0]) == 0)
            throw Problem.Unavailable("This took too long and was undone. Nothing was started or counted; try again.", RetryAfter);
    }

    /// <summary>Deletes a pending reservation and tells billing to take its units back, if nobody else settled it before.</summary>
    public static async Task ReturnAsync(GenerationDb db, Outbox outbox, Guid id, string reason)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        var gone = await db.Set<PendingReservation>().FromSql($"DELETE FROM pending_reservations WHERE id = {id} RETURNING *")
            .AsNoTracking().ToListAsync();
        foreach (var row in gone)
        {
            foreach (var unit in row.Ids)
                outbox.Publish(new ReleaseQuota { ReservationId = unit, UserId = row.UserId, Reason = reason });
        }

        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    private Task<int> DeletePendingAsync(Guid id) => db.Database.ExecuteSqlAsync($"DELETE FROM pending_reservations WHERE id = {id}");

    private Task StorePendingAsync(Guid user, Guid[] ids) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO pending_reservations (id, user_id, ids, touched_at) VALUES ({ids[0]}, {user}, {ids}, {clock.GetUtcNow()})
        ON CONFLICT (id) DO UPDATE SET touched_at = excluded.touched_at
        """);
}

/// <summary>Granted units.</summary>
internal sealed record Reservation(IReadOnlyList<Guid> Ids, QuotaDecision Decision);
