using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Profile.Analytics;

/// <summary>Something that happened, without a word of what anybody wrote.</summary>
internal sealed class AnalyticsEvent
{
    /// <summary>Of the event on the bus that it follows from; the app's own measurements get one.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose it is; null once that member is gone.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>Of an <see cref="Activity"/> or a <see cref="Measurement"/>.</summary>
    public required string Name { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>JSON of numbers and of words out of closed lists.</summary>
    public required string Properties { get; init; }

    /// <summary>When it was written here: what is late makes its day be counted again.</summary>
    public DateTimeOffset RecordedAt { get; init; }
}

/// <summary>When a member did something for the first time.</summary>
internal sealed class FirstTime
{
    public Guid AccountId { get; init; }
    public required string Name { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>A week in which a member did anything.</summary>
internal sealed class ActiveWeek
{
    public Guid AccountId { get; init; }

    /// <summary>Its Monday, UTC.</summary>
    public DateOnly Week { get; init; }
}

/// <summary>How often something happened on a day, and to how many members.</summary>
internal sealed class AnalyticsDay
{
    /// <summary>The row that counts a day's events and members whatever they did.</summary>
    public const string Any = "any";

    public DateOnly Day { get; init; }
    public required string Name { get; init; }
    public long Events { get; init; }
    public int Members { get; init; }
    public DateTimeOffset RolledAt { get; init; }
}

internal sealed class AnalyticsTables
    : IEntityTypeConfiguration<AnalyticsEvent>, IEntityTypeConfiguration<FirstTime>, IEntityTypeConfiguration<ActiveWeek>, IEntityTypeConfiguration<AnalyticsDay>
{
    public void Configure(EntityTypeBuilder<AnalyticsEvent> table)
    {
        table.ToTable("analytics_events");
        table.Property(e => e.Properties).HasColumnType("jsonb");
        // A day is counted from the index alone.
        table.HasIndex(e => new { e.At, e.Name, e.AccountId }).HasDatabaseName("ix_analytics_events_at");
        table.HasIndex(e => e.AccountId).HasFilter("account_id IS NOT NULL").HasDatabaseName("ix_analytics_events_account_id");
        table.HasIndex(e => e.RecordedAt).HasMethod("brin").HasDatabaseName("ix_analytics_events_recorded_at");
    }

    public void Configure(EntityTypeBuilder<FirstTime> table)
    {
        table.ToTable("analytics_firsts").HasKey(f => new { f.AccountId, f.Name });
        table.HasIndex(f => new { f.Name, f.At, f.AccountId }).HasDatabaseName("ix_analytics_firsts_name");
        table.HasIndex(f => f.At).HasDatabaseName("ix_analytics_firsts_at");
    }

    public void Configure(EntityTypeBuilder<ActiveWeek> table)
    {
        table.ToTable("analytics_weeks").HasKey(w => new { w.AccountId, w.Week });
        table.HasIndex(w => w.Week).HasDatabaseName("ix_analytics_weeks_week");
    }

    public void Configure(EntityTypeBuilder<AnalyticsDay> table) => table.ToTable("analytics_days").HasKey(d => new { d.Day, d.Name });
}
