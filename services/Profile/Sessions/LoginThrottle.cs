using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Sessions;

/// <summary>How long to wait after so many failures.</summary>
/// <param name="Free">Failures without a delay: people mistype.</param>
/// <param name="Longest">The delay stops growing here, so that nobody can lock another one out for long.</param>
internal sealed record Backoff(int Free, TimeSpan Longest)
{
    /// <summary>One account, from wherever and under whichever of its names: 5 free, then 1, 2, 4 … 60 seconds. A minute a guess is 1,440 guesses a day.</summary>
    public static readonly Backoff ForAccount = new(5, TimeSpan.FromSeconds(60));

    /// <summary>One address, whichever accounts: a school or an office shares one, so it may fail more often.</summary>
    public static readonly Backoff ForAddress = new(50, TimeSpan.FromSeconds(60));

    public TimeSpan After(long failures) => failures <= Free
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, Math.Min(failures - Free - 1, 30))));

    /// <summary>The waits after 1, 2, 3 … failures until they stop growing: what the statement is given, so that the rule stands here alone.</summary>
    public TimeSpan[] Waits() => [.. Enumerable.Range(1, Free + 1 + (int)Math.Ceiling(Math.Log2(Longest.TotalSeconds))).Select(n => After(n))];
}

/// <summary>Attempts to sign in to one account or from one address that failed, or have not succeeded yet.</summary>
internal sealed class LoginAttempts
{
    /// <summary>SHA-256 of whom they are counted for: the table tells neither addresses nor names.</summary>
    public required byte[] Subject { get; init; }
    public int Failures { get; init; }
    public DateTimeOffset LastAt { get; init; }

    /// <summary>No attempt is evaluated before.</summary>
    public DateTimeOffset NextAt { get; init; }
}

internal sealed class LoginAttemptsTable : IEntityTypeConfiguration<LoginAttempts>
{
    public void Configure(EntityTypeBuilder<LoginAttempts> table)
    {
        table.ToTable("login_attempts").HasKey(a => a.Subject);
        table.HasIndex(a => a.LastAt).HasDatabaseName("ix_login_attempts_last_at");
    }
}

/// <summary>Slows guessing down: each failed attempt on an account, or from an address, costs the next one a longer wait.</summary>
/// <remarks>
/// An attempt counts as failed from the moment it is let through, before its password is looked at, and is taken back when it succeeds: of any number
/// at once, exactly those are evaluated that would be one after another. Who has to wait is answered 429 with <c>Retry-After</c>, and learns nothing.
/// Names that nobody has are counted alike. Failures are forgotten an hour after the last one.
/// </remarks>
internal sealed class LoginThrottle(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);
    private static readonly TimeSpan[] AccountWaits = Backoff.ForAccount.Waits();
    private static readonly TimeSpan[] AddressWaits = Backoff.ForAddress.Waits();

    // $1 subject, $2 now, $3 since when failures count, $4 the waits after 1, 2, 3 … failures. No row: it has to wait. An attempt that came at the
    // same moment may have been let through at a later "now" than this one's: that is no wait.
    private const string Reserve =
        """
        INSERT INTO login_attempts AS a (subject, failures, last_at, next_at) VALUES ($1, 1, $2, $2 + ($4::interval[])[1])
        ON CONFLICT (subject) DO UPDATE SET
            failures = CASE WHEN a.last_at < $3 THEN 1 ELSE a.failures + 1 END,
            last_at = $2,
            next_at = $2 + ($4::interval[])[least(cardinality($4::interval[]), CASE WHEN a.last_at < $3 THEN 1 ELSE a.failures + 1 END)]
        WHERE a.next_at <= greatest($2, a.last_at) OR a.last_at < $3
        RETURNING failures
        """;

    /// <summary>Lets an attempt through, or throws the 429. It counts as failed until <see cref="SucceededAsync"/> or <see cref="UndoAsync"/>.</summary>
    /// <param name="account">Whose password is tried: the account's id, or what was typed where there is none.</param>
    /// <param name="address">Where it comes from; null when the caller is signed in.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task ReserveAsync(string account, string? address, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Always in this order, so that two attempts never wait for each other.
        if (address is not null)
            await ReserveAsync(connection, AddressSubject(address), AddressWaits, cancellationToken);
        await ReserveAsync(connection, AccountSubject(account), AccountWaits, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The attempt was no failure, and no success yet: it was not evaluated, or waits for a second factor.</summary>
    public async Task UndoAsync(string account, string? address, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE login_attempts SET failures = greatest(0, failures - 1), next_at = least(next_at, $2) WHERE subject = ANY($1)");
        byte[][] subjects = address is null ? [AccountSubject(account)] : [AccountSubject(account), AddressSubject(address)];
        command.Parameters.Add(new() { Value = subjects });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Forgets the account's failures, and takes the attempt back from its address.</summary>
    public async Task SucceededAsync(string account, string? address, CancellationToken cancellationToken)
    {
        if (address is not null)
            await UndoAsync(account, address, cancellationToken);
        await using var command = database.CreateCommand("DELETE FROM login_attempts WHERE subject = $1");
        command.Parameters.Add(new() { Value = AccountSubject(account) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Forgets the account's failures in the caller's transaction.</summary>
    public static Task ForgetAsync(ProfileDb db, Guid account, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"DELETE FROM login_attempts WHERE subject = {AccountSubject(account.ToString())}", cancellationToken);

    public async Task ForgetOldAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM login_attempts WHERE last_at < $1");
        command.Parameters.Add(new() { Value = clock.GetUtcNow() - Memory });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task ReserveAsync(NpgsqlConnection connection, byte[] subject, TimeSpan[] waits, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using (var reserve = new NpgsqlCommand(Reserve, connection))
        {
            foreach (var value in (object[])[subject, now, now - Memory, waits])
                reserve.Parameters.Add(new() { Value = value });
            if (await reserve.ExecuteScalarAsync(cancellationToken) is not null)
                return;
        }

        await using var ask = new NpgsqlCommand("SELECT next_at FROM login_attempts WHERE subject = $1", connection) { Parameters = { new() { Value = subject } } };
        var next = await ask.ExecuteScalarAsync(cancellationToken) is DateTime at ? new DateTimeOffset(at) : now;
        throw Problem.Of(429, "too-many-attempts", "Too many failed sign-ins; wait as Retry-After says.", next - now);
    }

    private static byte[] AccountSubject(string account) => SHA256.HashData(Encoding.UTF8.GetBytes($"account:{account}"));

    private static byte[] AddressSubject(string address) => SHA256.HashData(Encoding.UTF8.GetBytes($"address:{address}"));
}

/// <summary>Where a request came from, as the gateway saw it.</summary>
internal static class CallerAddress
{
    /// <summary>The last entry is the gateway's own; what stands before it was said by the caller. The gateway alone reaches this service.</summary>
    public static string? Of(HttpContext http)
    {
        var said = http.Request.Headers["X-Forwarded-For"].LastOrDefault()?.Split(',')[^1].Trim();
        return System.Net.IPAddress.TryParse(said, out var address) ? address.ToString() : http.Connection.RemoteIpAddress?.ToString();
    }
}
