using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Mail;
using Son1kVers3.Profile.Passwords;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Credentials;

/// <summary>The old password and the new one.</summary>
internal sealed record PasswordRequest
{
    public string? CurrentPassword { get; init; }
    public string? NewPassword { get; init; }

    // A record prints its members; this one must not.
    public override string ToString() => nameof(PasswordRequest);
}

/// <summary>Changes a password, and signs out everywhere else.</summary>
internal sealed class PasswordChange(ProfileDb db, PasswordHashing hashing, PasswordProof proof, Mailer mailer, TimeProvider clock)
{
    /// <param name="id">Whose.</param>
    /// <param name="session">The session that stays; the others end.</param>
    /// <param name="body">400 when the new password is not taken, 403 <c>wrong-password</c> when the old one is wrong, 429 as for signing in.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task ChangeAsync(Guid id, Guid? session, Body<PasswordRequest> body, CancellationToken cancellationToken)
    {
        var known = await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw AccountQueries.Gone();
        var request = await body.ReadAsync();
        if (PasswordPolicy.Fault(request.NewPassword ?? "", known.Username, known.Email) is { } fault)
            throw Problem.Invalid("newPassword", fault.Message, fault.Reason);
        await proof.RequireAsync(id, request.CurrentPassword ?? "", cancellationToken);
        var hash = await hashing.HashAsync(request.NewPassword!);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await ReplaceAsync(id, hash, session, cancellationToken);
        await mailer.SendAsync(known.Email, MailTexts.PasswordChanged(known.Language), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Sets another hash, ends all sessions but <paramref name="staying"/> and voids the mailed tokens, in the caller's transaction.</summary>
    public async Task ReplaceAsync(Guid id, string hash, Guid? staying, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.Set<Account>().Where(a => a.Id == id).ExecuteUpdateAsync(row => row.SetProperty(a => a.PasswordHash, hash), cancellationToken);
        await db.Set<Session>().Where(s => s.AccountId == id && s.Id != staying && s.RevokedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(s => s.RevokedAt, now), cancellationToken);
        await db.Set<MailedToken>().Where(t => t.AccountId == id && t.Purpose == TokenPurpose.ResetPassword).ExecuteDeleteAsync(cancellationToken);
    }
}
