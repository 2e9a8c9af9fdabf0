using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Sessions;

/// <summary>Signs in by password: the same answer after the same work, whether the account or the password is wrong.</summary>
internal sealed class PasswordLogin(ProfileDb db, LoginThrottle throttle, PasswordHashing hashing, TimeProvider clock)
{
    /// <summary>A new session. Throws 401 <c>invalid-credentials</c>, or 429 while this account or <paramref name="address"/> has to wait.</summary>
    public async Task<(Account Account, Session Session)> SignInAsync(LoginRequest request, string? address, CancellationToken cancellationToken)
    {
        var key = Account.KeyOf(request.Login!);
        await throttle.CheckAsync(key, address);
        var account = await db.Set<Account>().FirstOrDefaultAsync(a => a.UsernameKey == key || a.EmailKey == key, cancellationToken);
        var check = hashing.Check(account?.PasswordHash, request.Password!);
        if (account is null || check == PasswordCheck.Wrong)
        {
            await throttle.FailedAsync(key, address);
            throw Problem.Of(401, "invalid-credentials", "The login or the password is wrong.");
        }

        await throttle.SucceededAsync(key);
        if (check == PasswordCheck.RightButOutdated)
            account.PasswordHash = hashing.Hash(request.Password!);
        var session = Session.Begin(account.Id, clock.GetUtcNow());
        db.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        return (account, session);
    }
}
