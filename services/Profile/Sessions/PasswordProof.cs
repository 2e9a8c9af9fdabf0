using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Passwords;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Sessions;

/// <summary>Asks a signed-in member for the password again, before what a thief of the session must not do. Guessing is slowed as at sign-in.</summary>
internal sealed class PasswordProof(ProfileDb db, LoginThrottle throttle, PasswordHashing hashing)
{
    /// <summary>The account, not tracked. 403 <c>wrong-password</c>, or 429 while it has to wait.</summary>
    public async Task<Account> RequireAsync(Guid id, string password, CancellationToken cancellationToken)
    {
        var account = await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw AccountQueries.Gone();
        await throttle.ReserveAsync(id.ToString(), address: null, cancellationToken);
        if (await hashing.CheckAsync(account.PasswordHash, password) == PasswordCheck.Wrong)
            throw Problem.Of(403, "wrong-password", "The present password is another one.");
        await throttle.SucceededAsync(id.ToString(), address: null, cancellationToken);
        return account;
    }
}
