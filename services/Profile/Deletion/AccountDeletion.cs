using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Alvae;
using Son1kVers3.Profile.Credentials;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Keys;
using Son1kVers3.Profile.Mail;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Deletion;

/// <summary>The password, so that an open session alone can't delete an account.</summary>
internal sealed record DeletionRequest
{
    public string? Password { get; init; }

    // A record prints its members; this one must not.
    public override string ToString() => nameof(DeletionRequest);
}

internal sealed class DeletionRules : AbstractValidator<DeletionRequest>
{
    public DeletionRules() => RuleFor(r => r.Password).NotEmpty().WithMessage("Your password.");
}

/// <summary>
/// Deletes accounts: who they were is gone at once, and what others could write to; what they left is erased in batches, here and in every other service.
/// </summary>
internal sealed class AccountDeletion(ProfileDb db, Outbox outbox, PasswordProof proof, IEnumerable<PersonalTable> tables, DeletedMembers deleted, TimeProvider clock)
{
    /// <summary>While the broker is away the account goes all the same; then the other processes hear of it late.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Returns when the member's tokens are void: in this process from the commit on, in all others when the broker tells them, which is waited for.
    /// 403 <c>wrong-password</c>, 409 <c>founder-stays</c>, 429 as for signing in.
    /// </summary>
    public async Task DeleteAsync(Guid id, string password, CancellationToken cancellationToken)
    {
        await proof.RequireAsync(id, password, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var account = await db.LockAccountAsync(id, cancellationToken) ?? throw AccountQueries.Gone();
        if (await db.IsFounderAsync(id, cancellationToken))
            throw Problem.Of(409, "founder-stays", "The FOUNDER's account can't be deleted.");
        var now = clock.GetUtcNow();
        // The number stays used up; who had it does not stay.
        await db.Set<AlvaeGrant>().Where(g => g.AccountId == id).ExecuteUpdateAsync(
            row => row.SetProperty(g => g.RevokedAt, g => g.RevokedAt ?? now).SetProperty(g => g.AccountId, (Guid?)null).SetProperty(g => g.Note, (string?)null), cancellationToken);
        await ApiKeyRevocationPublisher.AnnounceAsync(db, id, cancellationToken);
        await LoginThrottle.ForgetAsync(db, id, cancellationToken);
        await ForgetMailsAsync(account, cancellationToken);
        await WithdrawAsync(id, cancellationToken);
        outbox.Publish(new UserDeleted { UserId = id, Sequence = account.Sequence + 1 });
        db.Add(new Erasure { AccountId = id, RequestedAt = now, NextAt = now });
        db.Remove(account);
        await db.SaveChangesAsync(cancellationToken);
        using var news = deleted.Expect(id);
        await transaction.CommitAsync(cancellationToken);
        deleted.Add(id, now);
        await news.HeardAsync(LongestWait);
    }

    /// <summary>Takes what others see or write to out of their reach.</summary>
    private async Task WithdrawAsync(Guid account, CancellationToken cancellationToken)
    {
        foreach (var sql in tables.SelectMany(table => table.Withdraw))
        {
            await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)db.Database.GetDbConnection());
            command.Parameters.Add(new() { Value = account });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Mails that wait, or that a development mailbox shows; also those to an address that was yet to be verified.</summary>
    private async Task ForgetMailsAsync(Account account, CancellationToken cancellationToken)
    {
        var addresses = await db.Set<MailedToken>().Where(t => t.AccountId == account.Id).Select(t => t.Address).ToListAsync(cancellationToken);
        await db.Set<OutgoingMail>().Where(m => m.Address == account.Email || addresses.Contains(m.Address)).ExecuteDeleteAsync(cancellationToken);
    }
}
