using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Profile.Accounts;

namespace Son1kVers3.Profile.Sessions;

/// <summary>Where a sign-in came from.</summary>
/// <param name="Name">What the client says it is (<c>User-Agent</c>), shortened.</param>
/// <param name="Address">Its IP address as the gateway saw it.</param>
internal sealed record Device(string? Name, string? Address)
{
    private const int LongestName = 200;

    public static Device Of(HttpContext http)
    {
        var name = string.Concat(http.Request.Headers.UserAgent.ToString().Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(LongestName));
        return new Device(name.Length > 0 ? name : null, CallerAddress.Of(http));
    }
}

/// <summary>One sign-in and the refresh tokens that follow from it: a family. Of the tokens only their counter is stored.</summary>
internal sealed class Session
{
    /// <summary>How long a sign-in lasts from its last use.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public Guid Id { get; init; }
    public Guid AccountId { get; init; }

    /// <summary>Number of the one token that is not spent.</summary>
    public int Counter { get; init; }

    /// <summary>When the tokens before <see cref="Counter"/> were spent, the newest last; a few are enough, see <see cref="SessionStore"/>.</summary>
    public DateTimeOffset[] SpentAt { get; init; } = [];
    public string? DeviceName { get; init; }
    public string? DeviceAddress { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    public static Session Begin(Guid account, Device device, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        AccountId = account,
        DeviceName = device.Name,
        DeviceAddress = device.Address,
        CreatedAt = now,
        ExpiresAt = now + Lifetime,
    };
}

internal sealed class SessionTable : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> table)
    {
        table.ToTable("sessions");
        table.HasIndex(s => s.ExpiresAt);
        table.HasIndex(s => new { s.AccountId, s.Id }).HasDatabaseName("ix_sessions_account_id_id");
        table.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
