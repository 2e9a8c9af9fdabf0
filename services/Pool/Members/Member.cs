using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Members;

/// <summary>Whom to name under a track. Nothing waits for it: a member not heard of yet has no name for a moment.</summary>
internal sealed class Member
{
    public Guid UserId { get; init; }
    public required string Username { get; init; }
    public string? DisplayName { get; init; }
    public long Sequence { get; init; }
}

internal sealed class MemberTable : IEntityTypeConfiguration<Member>
{
    public void Configure(EntityTypeBuilder<Member> builder) => builder.ToTable("members").HasKey(m => m.UserId);
}

internal sealed class KnowMember(PoolDb db) : IHandle<UserRegistered>, IHandle<ProfileUpdated>
{
    public Task<Event[]> HandleAsync(UserRegistered message, CancellationToken cancellationToken) =>
        StoreAsync(message.UserId, message.Username, message.DisplayName, message.Sequence, cancellationToken);

    public Task<Event[]> HandleAsync(ProfileUpdated message, CancellationToken cancellationToken) =>
        StoreAsync(message.UserId, message.Username, message.DisplayName, message.Sequence, cancellationToken);

    // Two queues feed this table, so the sequence stands in the row itself.
    private async Task<Event[]> StoreAsync(Guid userId, string username, string? displayName, long sequence, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO members AS m (user_id, username, display_name, sequence) VALUES ({userId}, {username}, {displayName}, {sequence})
            ON CONFLICT (user_id) DO UPDATE SET username = excluded.username, display_name = excluded.display_name, sequence = excluded.sequence
            WHERE m.sequence < excluded.sequence
            """,
            cancellationToken);
        return [];
    }
}
