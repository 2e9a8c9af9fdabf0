using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Accounts;

/// <summary>The old password and the new one.</summary>
internal sealed record PasswordRequest
{
    public string? CurrentPassword { get; init; }
    public string? NewPassword { get; init; }

    // A record prints its members; this one must not.
    public override string ToString() => nameof(PasswordRequest);
}

/// <summary>Changes a password, and signs out everywhere else.</summary>
internal sealed class PasswordChange(ProfileDb db, PasswordHashing hashing, LoginThrottle throttle, TimeProvider clock)
{
    /// <param name="id">Whose.</param>
    /// <param name="session">The session that stays; the others end.</param>
    /// <param name="body">400 when the new password is not taken, 403 <c>wrong-password</c> when the old one is wrong, 429 as for signing in.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task ChangeAsync(Guid id, Guid? session, Body<PasswordRequest> body, CancellationToken cancellationToken)
    {
        var account = await db.Set<Account>().FirstOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw AccountQueries.Gone();
        var request = await body.ReadAsync();
        if (PasswordPolicy.Fault(request.NewPassword ?? "", account.Username, account.Email) is { } fault)
            throw Problem.Invalid("newPassword", fault);
        await throttle.CheckAsync(account.UsernameKey, address: null);
        if (hashing.Check(account.PasswordHash, request.CurrentPassword ?? "") == PasswordCheck.Wrong)
        {
            await throttle.FailedAsync(account.UsernameKey, address: null);
            throw Problem.Of(403, "wrong-password", "The present password is another one.");
        }

        account.PasswordHash = hashing.Hash(request.NewPassword!);
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await db.Set<Session>().Where(s => s.AccountId == id && s.Id != session && s.RevokedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(s => s.RevokedAt, now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
