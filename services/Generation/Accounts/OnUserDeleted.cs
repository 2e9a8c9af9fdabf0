using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Accounts;

/// <summary>Notes that an account is gone; <see cref="AccountRemoval"/> removes what it leaves behind, however much that is.</summary>
internal sealed class OnUserDeleted(GenerationDb db, AccountRemoval removal, TimeProvider clock) : IHandle<UserDeleted>
{
    public async Task<Event[]> HandleAsync(UserDeleted message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO deleted_accounts (user_id, deleted_at) VALUES ({message.UserId}, {clock.GetUtcNow()}) ON CONFLICT DO NOTHING",
            cancellationToken);
        removal.WakeSoon();
        return [];
    }
}
