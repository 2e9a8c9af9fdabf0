using System.Security.Cryptography;
using System.Text;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.ServiceDefaults.Problems;
using StackExchange.Redis;

namespace Son1kVers3.Profile.Sessions;

/// <summary>How long to wait after so many failures.</summary>
/// <param name="Free">Failures without a delay: people mistype.</param>
/// <param name="Longest">The delay stops growing here, so that nobody can lock another one out for long.</param>
internal sealed record Backoff(int Free, TimeSpan Longest)
{
    /// <summary>One account, from wherever: 5 free, then 1, 2, 4 … 60 seconds. A minute a guess is 1,440 guesses a day.</summary>
    public static readonly Backoff ForAccount = new(5, TimeSpan.FromSeconds(60));

    /// <summary>One address, whichever accounts: a school or an office shares one, so it may fail more often.</summary>
    public static readonly Backoff ForAddress = new(50, TimeSpan.FromSeconds(60));

    public TimeSpan After(long failures) => failures <= Free
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, Math.Min(failures - Free - 1, 30))));
}

/// <summary>Slows guessing down: failed sign-ins are counted in Redis per account and per address, and each further one costs a longer wait.</summary>
/// <remarks>
/// <para>While a wait runs the answer is 429 with <c>Retry-After</c>, and the password is not looked at: no request is held open, and the
/// answer tells a guesser nothing. Names that nobody has are counted alike. Failures are forgotten an hour after the last one, an account's
/// also by signing in.</para>
/// <para>Without Redis sign-in goes on unslowed; the gateway's limit on the path stands by itself.</para>
/// </remarks>
internal sealed class LoginThrottle(IConnectionMultiplexer redis, TimeProvider clock, ILogger<LoginThrottle> log)
{
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>Throws the 429 when this account or this address has to wait.</summary>
    public async Task CheckAsync(string login, string? address)
    {
        var waits = await TryAsync(db => Task.WhenAll(Subjects(login, address).Select(s => WaitAsync(db, s.Key, s.Backoff))), []);
        if (waits.DefaultIfEmpty().Max() is var wait && wait > TimeSpan.Zero)
            throw Problem.Of(429, "too-many-attempts", "Too many failed sign-ins; wait as Retry-After says.", wait);
    }

    public Task FailedAsync(string login, string? address) => TryAsync(
        async db =>
        {
            await Task.WhenAll(Subjects(login, address).Select(s => CountAsync(db, s.Key)));
            return true;
        },
        false);

    public Task SucceededAsync(string login) => TryAsync(db => db.KeyDeleteAsync(AccountKey(login)), false);

    private async Task<TimeSpan> WaitAsync(IDatabase db, string key, Backoff backoff)
    {
        var state = await db.HashGetAsync(key, ["failures", "last"]);
        if (!state[0].HasValue || !state[1].HasValue)
            return TimeSpan.Zero;
        return DateTimeOffset.FromUnixTimeMilliseconds((long)state[1]) + backoff.After((long)state[0]) - clock.GetUtcNow();
    }

    private Task CountAsync(IDatabase db, string key)
    {
        var transaction = db.CreateTransaction();
        var commands = new Task[]
        {
            transaction.HashIncrementAsync(key, "failures"),
            transaction.HashSetAsync(key, "last", clock.GetUtcNow().ToUnixTimeMilliseconds()),
            transaction.KeyExpireAsync(key, Memory),
            transaction.ExecuteAsync(),
        };
        return Task.WhenAll(commands);
    }

    private async Task<T> TryAsync<T>(Func<IDatabase, Task<T>> work, T otherwise)
    {
        try
        {
            return await work(redis.GetDatabase());
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            log.LogWarning("Failed sign-ins are not counted, Redis does not answer: {Reason}", e.Message);
            return otherwise;
        }
    }

    private static IEnumerable<(string Key, Backoff Backoff)> Subjects(string login, string? address)
    {
        yield return (AccountKey(login), Backoff.ForAccount);
        if (address is not null)
            yield return ($"profile:sign-in:address:{address}", Backoff.ForAddress);
    }

    // Hashed: a key must neither be as long as the caller likes nor tell addresses to whoever lists the keys.
    private static string AccountKey(string login) =>
        $"profile:sign-in:account:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Account.KeyOf(login))))}";
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
