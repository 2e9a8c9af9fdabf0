using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Mail;
using Son1kVers3.Profile.Passwords;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Credentials;

/// <summary>Whose password was forgotten.</summary>
internal sealed record ResetRequest(string? Email);

internal sealed class ResetRules : AbstractValidator<ResetRequest>
{
    public ResetRules() => RuleFor(r => r.Email).Email();
}

/// <summary>The token of the mail, and the new password.</summary>
internal sealed record ResetConfirmation
{
    public string? Token { get; init; }
    public string? Password { get; init; }

    // A record prints its members; this one must not.
    public override string ToString() => nameof(ResetConfirmation);
}

/// <summary>Gives a new password to who receives the account's mail.</summary>
internal sealed class PasswordReset(
    ProfileDb db, Mailer mailer, PasswordHashing hashing, PasswordChange change, AddressVerification verification, PublicAddress pages, TimeProvider clock)
{
    /// <summary>Mails a link if there is such an account. The same statements run when there is none: neither the answer nor its time tells which.</summary>
    public async Task RequestAsync(string email, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (token, secret) = MailedToken.Make(default, TokenPurpose.ResetPassword, email, now);
        var link = pages.Of($"/reset?token={secret}");
        var (english, spanish) = (MailTexts.Reset("en", link), MailTexts.Reset("es", link));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await mailer.TakeAsync(email, cancellationToken) || !mailer.Delivers)
            return;
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH account AS (SELECT id, email, language FROM accounts WHERE email_key = {Account.KeyOf(email)}),
            token AS (
                INSERT INTO mailed_tokens (hash, account_id, purpose, address, expires_at)
                SELECT {token.Hash}, id, {token.Purpose.ToString()}, email, {token.ExpiresAt} FROM account)
            INSERT INTO outgoing_mails (id, address, subject, text, created_at, attempts, next_attempt_at)
            SELECT {Guid.CreateVersion7(now)}, email, CASE language WHEN 'es' THEN {spanish.Subject} ELSE {english.Subject} END,
                CASE language WHEN 'es' THEN {spanish.Text} ELSE {english.Text} END, {now}, 0, {now} FROM account
            """,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Sets the new password and ends all sessions. 400 for the password or <c>invalid-token</c>.</summary>
    public async Task ConfirmAsync(ResetConfirmation request, CancellationToken cancellationToken)
    {
        var hash = MailedToken.HashOf(request.Token);
        var owner = await db.Set<MailedToken>().Where(t => t.Hash == hash && t.Purpose == TokenPurpose.ResetPassword && t.ExpiresAt > clock.GetUtcNow())
            .Join(db.Set<Account>(), t => t.AccountId, a => a.Id, (t, a) => new { a.Id, a.Username, a.Email }).FirstOrDefaultAsync(cancellationToken)
            ?? throw MailedTokenQueries.InvalidToken();
        if (PasswordPolicy.Fault(request.Password ?? "", owner.Username, owner.Email) is { } fault)
            throw Problem.Invalid("password", fault.Message, fault.Reason);
        var passwordHash = await hashing.HashAsync(request.Password!);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var token = await db.SpendTokenAsync(request.Token, clock.GetUtcNow(), cancellationToken, TokenPurpose.ResetPassword);
        var account = await db.LockAccountAsync(token.AccountId, cancellationToken) ?? throw MailedTokenQueries.InvalidToken();
        await verification.ConfirmAsync(account, token.Address, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await change.ReplaceAsync(account.Id, passwordHash, staying: null, cancellationToken);
        await LoginThrottle.ForgetAsync(db, account.Id, cancellationToken);
        await mailer.SendAsync(account.Email, MailTexts.PasswordChanged(account.Language), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
