using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Fleet;

/// <summary>Something that operators see happen: a line of the history, and an event of their stream.</summary>
internal sealed class HealthEntry
{
    /// <summary>In the order of commits, see <see cref="History.AddHistoryAsync"/>.</summary>
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary><c>account</c>, <c>proxy</c>, <c>provider</c> or <c>key</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Of the account, proxy, provider or key.</summary>
    public Guid SubjectId { get; init; }
    public string? Provider { get; init; }
    public required string Name { get; init; }

    /// <summary>The new status, <c>down</c> or <c>up</c>, <c>expiring</c>.</summary>
    public required string Status { get; init; }
    public required string Reason { get; init; }
    public DateTimeOffset? Until { get; init; }

    public static HealthEntry Of(IObserved subject, DateTimeOffset at) => new()
    {
        At = at,
        Kind = subject is Account ? "account" : "proxy",
        SubjectId = subject.Id,
        Provider = (subject as Account)?.Provider,
        Name = subject.Name,
        Status = subject.Health.Status.Name(),
        Reason = subject.Health.Reason ?? "",
        Until = subject.Health.Until,
    };
}

internal sealed class HealthEntryTable : IEntityTypeConfiguration<HealthEntry>
{
    public void Configure(EntityTypeBuilder<HealthEntry> builder)
    {
        builder.ToTable("health_history").HasKey(e => e.Id);
        builder.HasIndex(e => new { e.SubjectId, e.Id }).HasDatabaseName("ix_health_history_subject_id");
        builder.HasIndex(e => e.At).HasDatabaseName("ix_health_history_at");
    }
}

/// <summary>Writes the history.</summary>
internal static class History
{
    private const long Lock = 0x686973746f7279;

    /// <summary>Adds a line in the running transaction, whose commit wakes the streams of every replica.</summary>
    /// <remarks>Writers take turns until their commit, so that a reader who has seen an id has seen all below it.</remarks>
    public static async Task AddHistoryAsync(this StealthDb db, HealthEntry entry, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Lock}), pg_notify({StealthDb.HistoryChannel}, '')", cancellationToken);
        db.Add(entry);
        await db.SaveChangesAsync(cancellationToken);
    }
}
