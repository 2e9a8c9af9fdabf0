using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Alvae;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Mail;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Credentials;

/// <summary>The token of a mail.</summary>
internal sealed record VerifyRequest
{
    public string? Token { get; init; }

    // A record prints its members; this one must not.
    public override string ToString() => nameof(VerifyRequest);
}

/// <summary>The new address, and the password that shows that its owner asks.</summary>
internal sealed record AddressRequest
{
    public string? Email { get; init; }
    public string? Password { get; init; }

    // A record prints its members; this one must not.
    public override string ToString() => nameof(AddressRequest);
}

internal sealed class AddressRules : AbstractValidator<AddressRequest>
{
    public AddressRules()
    {
        RuleFor(r => r.Email).Email();
        RuleFor(r => r.Password).NotEmpty().WithMessage("Your password.");
    }
}

/// <summary>Shows that an address belongs to its account, and changes it.</summary>
internal sealed class AddressVerification(ProfileDb db, Mailer mailer, AlvaeFounder founder, PasswordProof proof, PublicAddress pages, TimeProvider clock)
{
    /// <summary>Mails the link to a new member, if mails are sent and this address has one left; it can be asked for again. In the caller's transaction.</summary>
    public async Task SendAsync(Account account, CancellationToken cancellationToken)
    {
        var (token, secret) = MailedToken.Make(account.Id, TokenPurpose.VerifyAddress, account.Email, clock.GetUtcNow());
        if (await mailer.SendAsync(account.Email, MailTexts.Verify(account.Language, Link(secret)), cancellationToken))
            db.Add(token);
    }

    /// <summary>Mails the link again. 409 <c>email-verified</c>, 429 <c>too-many-mails</c>.</summary>
    public async Task ResendAsync(Guid id, CancellationToken cancellationToken)
    {
        var account = await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw AccountQueries.Gone();
        if (account.EmailVerifiedAt is not null)
            throw Problem.Of(409, "email-verified", "This address is verified already.");
        await MailAsync(account, TokenPurpose.VerifyAddress, account.Email, MailTexts.Verify, cancellationToken);
    }

    /// <summary>Mails a link to a new address, which counts once it is followed. 403 <c>wrong-password</c>, 409 <c>email-taken</c>.</summary>
    public async Task ChangeAsync(Guid id, AddressRequest request, CancellationToken cancellationToken)
    {
        var account = await proof.RequireAsync(id, request.Password!, cancellationToken);
        mailer.RequireDelivery();
        await ThrowIfTakenAsync(request.Email!, id, cancellationToken);
        await MailAsync(account, TokenPurpose.ChangeAddress, request.Email!, MailTexts.ChangeAddress, cancellationToken);
    }

    /// <summary>Follows a link. 400 <c>invalid-token</c>; 409 <c>email-taken</c> when the new address went to another account meanwhile.</summary>
    public async Task VerifyAsync(string? secret, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var token = await db.SpendTokenAsync(secret, clock.GetUtcNow(), cancellationToken, TokenPurpose.VerifyAddress, TokenPurpose.ChangeAddress);
        await db.LockAddressAsync(Account.KeyOf(token.Address), cancellationToken);
        var account = await db.LockAccountAsync(token.AccountId, cancellationToken) ?? throw MailedTokenQueries.InvalidToken();
        if (token.Purpose == TokenPurpose.ChangeAddress)
            await MoveAsync(account, token.Address, cancellationToken);
        await ConfirmAsync(account, token.Address, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Takes note that mail to <paramref name="address"/> reaches the account's owner, if that is its address. In the caller's transaction.</summary>
    public async Task ConfirmAsync(Account account, string address, CancellationToken cancellationToken)
    {
        if (account.EmailKey != Account.KeyOf(address))
            throw MailedTokenQueries.InvalidToken();
        account.EmailVerifiedAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        await founder.GrantIfFounderAsync(account, cancellationToken);
    }

    private async Task MoveAsync(Account account, string address, CancellationToken cancellationToken)
    {
        await ThrowIfTakenAsync(address, account.Id, cancellationToken);
        // The old address hears of it, so that a thief can't take an account away unseen.
        await mailer.SendAsync(account.Email, MailTexts.AddressChanged(account.Language), cancellationToken);
        (account.Email, account.EmailKey, account.EmailVerifiedAt) = (address, Account.KeyOf(address), clock.GetUtcNow());
        await db.Set<MailedToken>().Where(t => t.AccountId == account.Id).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task ThrowIfTakenAsync(string address, Guid id, CancellationToken cancellationToken)
    {
        var key = Account.KeyOf(address);
        if (await db.Set<Account>().AnyAsync(a => a.EmailKey == key && a.Id != id, cancellationToken))
            throw AccountQueries.EmailTaken();
    }

    private async Task MailAsync(
        Account account, TokenPurpose purpose, string address, Func<string, string, MailText> text, CancellationToken cancellationToken)
    {
        var (token, secret) = MailedToken.Make(account.Id, purpose, address, clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(token);
        await mailer.RequireSendAsync(address, text(account.Language, Link(secret)), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private string Link(string secret) => pages.Of($"/verify?token={secret}");
}
