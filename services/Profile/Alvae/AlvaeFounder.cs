using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Profile.Alvae;

/// <summary>The one FOUNDER: the account with the address <c>Alvae:FounderEmail</c>.</summary>
internal sealed class AlvaeFounder(ProfileDb db, Outbox outbox, IConfiguration configuration, IHostEnvironment environment)
{
    /// <summary>
    /// Makes a new account an operator and gives it ALVAE-001, when its address is the founder's. Only in development: elsewhere whoever types the
    /// address first would own the platform, so that there it waits until the address is verified. Saved with the account.
    /// </summary>
    public async Task GrantIfFounderAsync(Account account, CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment() || configuration["Alvae:FounderEmail"] is not { Length: > 0 } email || account.EmailKey != Account.KeyOf(email))
            return;
        account.IsOperator = true;
        if (await db.Set<AlvaeGrant>().AnyAsync(g => g.Number == AlvaeLevels.FounderNumber, cancellationToken))
            return;
        db.Add(new AlvaeGrant
        {
            Id = Guid.CreateVersion7(account.CreatedAt),
            Number = AlvaeLevels.FounderNumber,
            AccountId = account.Id,
            Level = AlvaeLevel.Founder,
            GrantedAt = account.CreatedAt,
        });
        outbox.Publish(new AlvaeGranted
        {
            UserId = account.Id,
            AlvaeId = AlvaeLevels.IdOf(AlvaeLevels.FounderNumber),
            Level = AlvaeLevel.Founder,
            Sequence = ++account.Sequence,
        });
    }
}
