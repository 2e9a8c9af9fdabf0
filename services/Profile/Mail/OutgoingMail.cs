using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Profile.Mail;

/// <summary>A mail that was decided on together with the change that it tells of, and is to be sent.</summary>
internal sealed class OutgoingMail
{
    public Guid Id { get; init; }
    public required string Address { get; init; }
    public required string Subject { get; init; }
    public required string Text { get; init; }

    /// <summary>Where who gets it ends such mails (RFC 8058); null for those that can't be ended.</summary>
    public string? UnsubscribeUrl { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>How often sending was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Nobody sends it before: whoever sends it holds it until then, and a failed one waits.</summary>
    public DateTimeOffset NextAttemptAt { get; init; }
}

/// <summary>When the last mails to an address were decided on. The address itself is not kept, only its hash.</summary>
internal sealed class MailBudget
{
    public required byte[] AddressHash { get; init; }
    public DateTimeOffset[] SentAt { get; init; } = [];
}

internal sealed class MailTables : IEntityTypeConfiguration<OutgoingMail>, IEntityTypeConfiguration<MailBudget>
{
    public void Configure(EntityTypeBuilder<OutgoingMail> table)
    {
        table.ToTable("outgoing_mails");
        table.HasIndex(m => m.NextAttemptAt).HasDatabaseName("ix_outgoing_mails_next_attempt_at");
    }

    public void Configure(EntityTypeBuilder<MailBudget> table) => table.ToTable("mail_budgets").HasKey(b => b.AddressHash);
}
