using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Pool.Contributions;

/// <summary>What a member contributes and swaps by hand: each one transaction with its event and its stored answer.</summary>
internal sealed class ManualContributions(PoolDb db, Outbox outbox, TimeProvider clock)
{
    private NpgsqlConnection Connection => (NpgsqlConnection)db.Database.GetDbConnection();

    /// <exception cref="ProblemException">404 where there is no such finished track, 403 <c>not-your-track</c>, 409
    /// <c>already-contributed</c>.</exception>
    public async Task<Created<TrackCard>> ContributeAsync(
        Guid generation, Guid user, Operation operation, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await Connection.LockMemberAsync(user, completions: 0, cancellationToken);
        var track = await RequireOwnAsync(generation, user, cancellationToken);
        outbox.Publish(new TrackContributed
        {
            GenerationId = track.GenerationId,
            UserId = user,
            Automatic = false,
            Points = Points.Of(track.Quality!.Value),
            Sequence = await Connection.EnterAsync(track, automatic: false, clock.GetUtcNow(), cancellationToken),
        });
        return await FinishAsync(generation, user, operation, transaction.CommitAsync, cancellationToken);
    }

    /// <exception cref="ProblemException">404, 403 <c>not-your-track</c>, 409 <c>already-contributed</c> or
    /// <c>swap-too-late</c>.</exception>
    public async Task<Created<TrackCard>> SwapAsync(
        Guid id, Body<ContributionRequest> body, Guid user, Operation operation, CancellationToken cancellationToken)
    {
        // That there is no such track is said before the body is read; nothing is locked while it is.
        await RequireInPoolAsync(id, cancellationToken);
        var request = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await Connection.LockMemberAsync(user, completions: 0, cancellationToken);
        var old = await Connection.LockTrackAsync(id, cancellationToken);
        if (old is not { ContributedAt: not null, IsThere: true })
            throw Problem.NotFound("track in the pool");
        if (old.UserId != user)
            throw NotYours();
        var other = await RequireOwnAsync(request.GenerationId!.Value, user, cancellationToken);
        if (SwapRule.Refusal(old, other, clock.GetUtcNow()) is { } why)
            throw Problem.Of(409, "swap-too-late", why);

        var sequence = await Connection.LeaveAsync(old, cancellationToken);
        await Connection.EnterAsync(other, old.Automatic, old.ContributedAt.Value, cancellationToken);
        outbox.Publish(new TrackSwapped
        {
            UserId = user,
            OldGenerationId = id,
            NewGenerationId = other.GenerationId,
            Points = Points.Of(other.Quality!.Value),
            Sequence = sequence,
        });
        return await FinishAsync(other.GenerationId, user, operation, transaction.CommitAsync, cancellationToken);
    }

    private async Task RequireInPoolAsync(Guid id, CancellationToken cancellationToken)
    {
        var isThere = await db.Set<Track>()
            .AnyAsync(t => t.GenerationId == id && t.ContributedAt != null && !t.Hidden && !t.Deleted, cancellationToken);
        if (!isThere)
            throw Problem.NotFound("track in the pool");
    }

    /// <summary>One of the caller's own finished originals that is not in the pool.</summary>
    private async Task<Candidate> RequireOwnAsync(Guid generation, Guid user, CancellationToken cancellationToken)
    {
        var track = await Connection.LockTrackAsync(generation, cancellationToken);
        if (track is null || !track.IsThere)
            throw Problem.NotFound("finished track");
        if (track.UserId != user)
            throw await IsAudibleAsync(generation, user, cancellationToken) ? NotYours() : Problem.NotFound("finished track");
        if (await Connection.IsMadeFromAnotherMembersAsync(generation, user, cancellationToken))
            throw Problem.Of(403, "not-your-track", "Only originals can be contributed or swapped in; this one was made from another member's track.");
        return track.ContributedAt is null ? track : throw Problem.Of(409, "already-contributed", "The track is in the pool already.");
    }

    private async Task<Created<TrackCard>> FinishAsync(
        Guid generation, Guid user, Operation operation, Func<CancellationToken, Task> commit, CancellationToken cancellationToken)
    {
        await using var command = Connection.Command(
            $"SELECT {TrackCard.Columns("$1")} FROM tracks AS t {TrackCard.Join} WHERE t.generation_id = $2", user, generation);
        var card = (await command.ReadAsync(row => TrackCard.Read(row, user), cancellationToken)).Single();
        var answer = await operation.RecordAsync(db, TypedResults.Created($"/api/wall/{generation}", card));
        await db.SaveChangesAsync(cancellationToken);
        await commit(cancellationToken);
        return answer;
    }

    private async Task<bool> IsAudibleAsync(Guid generation, Guid user, CancellationToken cancellationToken)
    {
        await using var command = Connection.Command($"SELECT EXISTS (SELECT FROM tracks WHERE generation_id = $2 AND {Audible.To("$1")})",
            user, generation);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static ProblemException NotYours() =>
        Problem.Of(403, "not-your-track",
        "Only tracks that you made yourself can be contributed or swapped; a claimed copy stays its contributor's.");
}
