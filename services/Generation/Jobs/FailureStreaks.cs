using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Jobs;

/// <summary>How many of a member's jobs failed one after the other.</summary>
internal sealed class FailureStreak
{
    public Guid UserId { get; init; }
    public int Failures { get; init; }

    /// <summary>The last failure, or the last attempt that was let through since.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>From <see cref="LastAt"/> to the next attempt; computed by the database, see <see cref="FailureStreakTable"/>.</summary>
    public TimeSpan Delay { get; init; }
}

internal sealed class FailureStreakTable : IEntityTypeConfiguration<FailureStreak>
{
    /// <summary>The rule: 30 seconds after the third failure in a row, then twice as long each time, up to 16 minutes.</summary>
    private const string Delay =
        "CASE WHEN failures < 3 THEN interval '0' ELSE interval '30 seconds' * power(2, LEAST(failures - 3, 5)) END";

    public void Configure(EntityTypeBuilder<FailureStreak> table)
    {
        table.ToTable("failure_streaks").HasKey(s => s.UserId);
        table.Property(s => s.UserId).ValueGeneratedNever();
        table.Property(s => s.Delay).HasComputedColumnSql(Delay, stored: true);
    }
}

/// <summary>Slows a member down whose jobs fail again and again: a failure costs no unit, but the machine's time.</summary>
/// <remarks>
/// What fails in a row goes by the order of the ends. A track that is made ends the row, and so does a day without a failure. Deleting a
/// failed generation does not.
/// Once the delay is over one attempt is let through, however many come at once: taking it is a conditional update that starts the delay
/// anew.
/// </remarks>
internal sealed class FailureStreaks(GenerationDb db, TimeProvider clock)
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    /// <summary>Lets a member's request pass, or not yet.</summary>
    /// <exception cref="ProblemException">429 with the time to wait.</exception>
    public async Task RequireAttemptAsync(Guid user)
    {
        var now = clock.GetUtcNow();
        var streak = await db.Set<FailureStreak>().AsNoTracking().FirstOrDefaultAsync(s => s.UserId == user && s.LastAt > now - Forgotten);
        if (streak is null || streak.Delay == TimeSpan.Zero)
            return;
        var taken = await db.Database.ExecuteSqlAsync(
            $"UPDATE failure_streaks SET last_at = {now} WHERE user_id = {user} AND last_at + delay <= {now}");
        if (taken == 1)
            return;
        // Whoever came too late for the one attempt waits a whole delay.
        var wait = streak.LastAt + streak.Delay - now;
        throw Problem.Of(
            429,
            "too-many-failures",
            "Your last generations failed one after the other. Nothing was counted; change the request, and try again after a while.",
            wait > TimeSpan.Zero ? wait : streak.Delay);
    }

    /// <summary>In the transaction that ends a job without a track.</summary>
    public Task AddAsync(Guid user)
    {
        var now = clock.GetUtcNow();
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO failure_streaks AS known (user_id, failures, last_at) VALUES ({user}, 1, {now})
            ON CONFLICT (user_id) DO UPDATE SET last_at = excluded.last_at,
                failures = CASE WHEN known.last_at > {now - Forgotten} THEN known.failures + 1 ELSE 1 END
            """);
    }

    /// <summary>In the transaction that completes a track.</summary>
    public Task EndAsync(Guid user) => db.Set<FailureStreak>().Where(s => s.UserId == user).ExecuteDeleteAsync();
}
