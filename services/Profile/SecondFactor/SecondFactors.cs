using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OtpNet;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Tokens;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.SecondFactor;

/// <summary>Time-based one-time passwords (RFC 6238: SHA-1, 30 s, 6 digits, what every authenticator app knows) and the codes for who lost the app.</summary>
internal sealed class SecondFactors(ProfileDb db, SecretBox box, TimeProvider clock)
{
    private const int SecretBytes = 20;
    private const int RecoveryCodes = 10;
    private const int RecoveryCodeLength = 10;

    // Without what is read as something else; 50 bits a code.
    private const string RecoveryAlphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    // A clock that is half a minute off is common.
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    public Task<bool> IsActiveAsync(Guid account, CancellationToken cancellationToken) =>
        db.Set<Authenticator>().AnyAsync(a => a.AccountId == account && a.ConfirmedAt != null, cancellationToken);

    /// <summary>A new shared secret, in base32, which counts once it is confirmed. 409 <c>second-factor-active</c> while another one counts.</summary>
    public async Task<string> BeginAsync(Guid account, CancellationToken cancellationToken)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockAccountAsync(account, cancellationToken) is null)
            throw AccountQueries.Gone();
        if (await IsActiveAsync(account, cancellationToken))
            throw Problem.Of(409, "second-factor-active", "A second factor is active; remove it first.");
        var sealedSecret = box.Seal(account, secret);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO authenticators (account_id, secret, last_step) VALUES ({account}, {sealedSecret}, 0)
            ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, last_step = 0
            """,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Base32Encoding.ToString(secret);
    }

    /// <summary>Activates the secret with a first code, and makes the recovery codes. 404 when none was begun, 400 when the code is wrong.</summary>
    public async Task<IReadOnlyList<string>> ConfirmAsync(Guid account, string code, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockAccountAsync(account, cancellationToken) is null)
            throw AccountQueries.Gone();
        var authenticator = await db.Set<Authenticator>().FirstOrDefaultAsync(a => a.AccountId == account, cancellationToken)
            ?? throw Problem.NotFound("second factor");
        if (authenticator.ConfirmedAt is not null)
            throw Problem.Of(409, "second-factor-active", "This second factor is active already.");
        if (StepOf(authenticator, code) is not { } step)
            throw Problem.Invalid("code", "This code is wrong; look whether the clock of your device is right.", new(FieldReasons.WrongCode));
        (authenticator.ConfirmedAt, authenticator.LastStep) = (clock.GetUtcNow(), step);
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => NewRecoveryCode()).ToList();
        await db.Set<RecoveryCode>().Where(c => c.AccountId == account).ExecuteDeleteAsync(cancellationToken);
        db.AddRange(codes.Select(c => new RecoveryCode { AccountId = account, Hash = HashOf(account, c) }));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return codes;
    }

    /// <summary>Whether a code of the app or a recovery code is right. It is spent by this: of parallel uses one succeeds.</summary>
    public async Task<bool> SpendAsync(Guid account, string code, CancellationToken cancellationToken)
    {
        var authenticator = await db.Set<Authenticator>().AsNoTracking()
            .FirstOrDefaultAsync(a => a.AccountId == account && a.ConfirmedAt != null, cancellationToken);
        if (authenticator is null)
            return false;
        if (StepOf(authenticator, code) is { } step)
        {
            return await db.Set<Authenticator>().Where(a => a.AccountId == account && a.LastStep < step)
                .ExecuteUpdateAsync(row => row.SetProperty(a => a.LastStep, step), cancellationToken) == 1;
        }

        var hash = HashOf(account, code);
        return await db.Set<RecoveryCode>().Where(c => c.AccountId == account && c.Hash == hash).ExecuteDeleteAsync(cancellationToken) == 1;
    }

    /// <summary>Signing in needs no second factor any more. False: there was none.</summary>
    public async Task<bool> RemoveAsync(Guid account, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Set<RecoveryCode>().Where(c => c.AccountId == account).ExecuteDeleteAsync(cancellationToken);
        var removed = await db.Set<Authenticator>().Where(a => a.AccountId == account).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return removed > 0;
    }

    private long? StepOf(Authenticator authenticator, string code)
    {
        var totp = new Totp(box.Open(authenticator.AccountId, authenticator.Secret));
        var digits = code.Replace(" ", "", StringComparison.Ordinal);
        return totp.VerifyTotp(clock.GetUtcNow().UtcDateTime, digits, out var step, Window) ? step : null;
    }

    private static string NewRecoveryCode() =>
        RandomNumberGenerator.GetString(RecoveryAlphabet, RecoveryCodeLength).Insert(RecoveryCodeLength / 2, "-");

    private static byte[] HashOf(Guid account, string code) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{account}:{string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant()}"));
}
