using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Mail;
using Son1kVers3.Profile.Profiles;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Profile.Alvae;

/// <summary>The one FOUNDER: the account with the address <c>Alvae:FounderEmail</c>, once that address is verified.</summary>
/// <remarks>
/// Whoever types the address first must not own the platform. Only on a developer's machine, whose gateway listens on loopback alone (the same machines
/// that have a mailbox page), is it granted at once.
/// </remarks>
internal sealed class AlvaeFounder(
    ProfileDb db, Outbox outbox, ProfileAnnouncer announcer, IConfiguration configuration, IHostEnvironment environment, IOptions<MailOptions> mail, TimeProvider clock)
{
    private bool TrustsAnyAddress => environment.IsDevelopment() && mail.Value.DevelopmentMailbox;

    /// <summary>Whether nobody but the founder may have this address.</summary>
    public bool IsFounders(string email) => configuration["Alvae:FounderEmail"] is { Length: > 0 } founder && Account.KeyOf(email) == Account.KeyOf(founder);

    /// <summary>
    /// Makes the account an operator and gives it ALVAE-001, when it has the founder's address and may be believed. ALVAE-001 is given once: an
    /// account that comes to the address later is a member like others. In the caller's transaction, with the account locked or new in it.
    /// </summary>
    public async Task GrantIfFounderAsync(Account account, CancellationToken cancellationToken)
    {
        if (!IsFounders(account.Email) || (account.EmailVerifiedAt is null && !TrustsAnyAddress)
            || await db.Set<AlvaeGrant>().AnyAsync(g => g.Number == AlvaeLevels.FounderNumber, cancellationToken))
            return;
        var now = clock.GetUtcNow();
        account.IsOperator = true;
        db.Add(new AlvaeGrant
        {
            Id = Guid.CreateVersion7(now),
            Number = AlvaeLevels.FounderNumber,
            AccountId = account.Id,
            Level = AlvaeLevel.Founder,
            GrantedAt = now,
        });
        outbox.Publish(new AlvaeGranted
        {
            UserId = account.Id,
            AlvaeId = AlvaeLevels.IdOf(AlvaeLevels.FounderNumber),
            Level = AlvaeLevel.Founder,
            Sequence = ++account.Sequence,
        });
        await db.SaveChangesAsync(cancellationToken);
        await announcer.AnnounceAsync(account, cancellationToken);
    }
}

internal static class FounderQueries
{
    /// <summary>Whether the member is the FOUNDER.</summary>
    public static Task<bool> IsFounderAsync(this ProfileDb db, Guid account, CancellationToken cancellationToken) =>
        db.Set<AlvaeGrant>().AnyAsync(g => g.AccountId == account && g.Number == AlvaeLevels.FounderNumber && g.RevokedAt == null, cancellationToken);
}
