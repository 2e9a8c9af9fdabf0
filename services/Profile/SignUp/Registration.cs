using FluentValidation;
using FluentValidation.Results;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Alvae;
using Son1kVers3.Profile.Credentials;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Passwords;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.SignUp;

/// <summary>What a new member tells.</summary>
internal sealed record RegisterRequest
{
    public string? Email { get; init; }
    public string? Username { get; init; }
    public string? Password { get; init; }

    // A record prints its members; this one must not.
    public override string ToString() => $"{nameof(RegisterRequest)} of {Username}";
}

internal sealed class RegisterRules : AbstractValidator<RegisterRequest>
{
    public RegisterRules()
    {
        RuleFor(r => r.Email).Email();
        RuleFor(r => r.Username).Username();
        RuleFor(r => r.Password).Custom((password, context) =>
        {
            var who = context.InstanceToValidate;
            if (PasswordPolicy.Fault(password ?? "", who.Username, who.Email) is { } fault)
                context.AddFailure(new ValidationFailure(context.PropertyPath, fault.Message) { ErrorCode = fault.Reason.Code, CustomState = fault.Reason });
        });
    }
}

/// <summary>Makes accounts. Of any number who come at once with one address or name, one gets it.</summary>
internal sealed class Registration(
    ProfileDb db, Outbox outbox, AlvaeFounder founder, AddressVerification verification, PasswordHashing hashing, TimeProvider clock)
{
    /// <summary>Account, first session, <c>UserRegistered</c> and the mail that verifies the address, in one transaction. 409 when address or name is taken.</summary>
    public async Task<(Account Account, Session Session)> RegisterAsync(RegisterRequest request, Device device, CancellationToken cancellationToken)
    {
        // Only spares the hash; the insert below decides.
        await ThrowIfTakenAsync(request, cancellationToken);
        var account = NewAccount(request, await hashing.HashAsync(request.Password!));
        var session = Session.Begin(account.Id, device, account.CreatedAt);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAddressAsync(account.EmailKey, cancellationToken);
        if (await InsertAsync(account, cancellationToken) == 0)
        {
            await ThrowIfTakenAsync(request, cancellationToken);
            throw UsernameTaken();
        }

        db.Attach(account);
        db.Add(session);
        outbox.Publish(new UserRegistered
        {
            UserId = account.Id,
            Username = account.Username,
            Email = account.Email,
            DisplayName = account.DisplayName,
            Sequence = ++account.Sequence,
        });
        await founder.GrantIfFounderAsync(account, cancellationToken);
        await verification.SendAsync(account, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (account, session);
    }

    private Account NewAccount(RegisterRequest request, string passwordHash)
    {
        var now = clock.GetUtcNow();
        return new Account
        {
            Id = Guid.CreateVersion7(now),
            Email = request.Email!,
            EmailKey = Account.KeyOf(request.Email!),
            Username = request.Username!,
            UsernameKey = Account.KeyOf(request.Username!),
            DisplayName = request.Username!,
            PasswordHash = passwordHash,
            CreatedAt = now,
        };
    }

    // A violated index would write the address into the server's log; this way who comes second just inserts nothing.
    private Task<int> InsertAsync(Account account, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO accounts (id, email, email_key, username, username_key, display_name, password_hash, links, is_operator, analytics_opt_out, sequence, created_at)
        VALUES ({account.Id}, {account.Email}, {account.EmailKey}, {account.Username}, {account.UsernameKey}, {account.DisplayName}, {account.PasswordHash},
            {account.Links}, false, false, 0, {account.CreatedAt})
        ON CONFLICT DO NOTHING
        """,
        cancellationToken);

    private async Task ThrowIfTakenAsync(RegisterRequest request, CancellationToken cancellationToken)
    {
        var (emailKey, usernameKey) = (Account.KeyOf(request.Email!), Account.KeyOf(request.Username!));
        var taken = await db.Set<Account>().Where(a => a.EmailKey == emailKey || a.UsernameKey == usernameKey)
            .Select(a => a.EmailKey).ToListAsync(cancellationToken);
        if (taken.Count > 0)
            throw taken.Contains(emailKey) ? AccountQueries.EmailTaken() : UsernameTaken();
    }

    private static ProblemException UsernameTaken() => Problem.Of(409, "username-taken", "Someone has this username; choose another one.");
}
