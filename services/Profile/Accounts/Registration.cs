using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Alvae;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Accounts;

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
                context.AddFailure(fault);
        });
    }
}

/// <summary>Makes accounts. Who comes second to an address or a name is told by the unique index, so that it holds for any number at once.</summary>
internal sealed class Registration(ProfileDb db, Outbox outbox, AlvaeFounder founder, PasswordHashing hashing, TimeProvider clock)
{
    /// <summary>Account, first session and <c>UserRegistered</c> in one transaction. 409 when the address or the name is taken.</summary>
    public async Task<(Account Account, Session Session)> RegisterAsync(RegisterRequest request, CancellationToken cancellationToken)
    {
        var (emailKey, usernameKey) = (Account.KeyOf(request.Email!), Account.KeyOf(request.Username!));
        // Only spares the hash; the index below decides.
        if (await db.Set<Account>().AnyAsync(a => a.EmailKey == emailKey, cancellationToken))
            throw EmailTaken();
        if (await db.Set<Account>().AnyAsync(a => a.UsernameKey == usernameKey, cancellationToken))
            throw UsernameTaken();

        var now = clock.GetUtcNow();
        var account = new Account
        {
            Id = Guid.CreateVersion7(now),
            Email = request.Email!,
            EmailKey = emailKey,
            Username = request.Username!,
            UsernameKey = usernameKey,
            DisplayName = request.Username!,
            PasswordHash = hashing.Hash(request.Password!),
            CreatedAt = now,
        };
        var session = Session.Begin(account.Id, now);
        db.Add(account);
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
        await SaveAsync(cancellationToken);
        return (account, session);
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } taken
            && taken.ConstraintName is AccountTable.EmailIndex or AccountTable.UsernameIndex)
        {
            throw taken.ConstraintName == AccountTable.EmailIndex ? EmailTaken() : UsernameTaken();
        }
    }

    private static ProblemException EmailTaken() => Problem.Of(409, "email-taken", "There is an account with this e-mail address; sign in, or use another one.");

    private static ProblemException UsernameTaken() => Problem.Of(409, "username-taken", "Someone has this username; choose another one.");
}
