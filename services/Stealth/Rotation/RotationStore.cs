using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;
using StackExchange.Redis;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>The state of the rotation that all replicas share, in Redis: each step is one script, atomic for any number of them.</summary>
/// <remarks>
/// Throws <see cref="RedisException"/> or <see cref="TimeoutException"/> when Redis is away. What the scripts do not know of (after a loss, or a new account)
/// is made known from the database, in a way that allows no more than if everything possible had been used.
/// </remarks>
internal sealed class RotationStore(IConnectionMultiplexer redis, RedisEpoch epoch, FleetCache fleet, UsageLedger usage, LeaseBook leases, TimeProvider clock)
{
    /// <summary>A slot lives this long without its replica.</summary>
    public static readonly TimeSpan SlotLife = TimeSpan.FromSeconds(15);
    internal static readonly TimeSpan KeyLife = TimeSpan.FromHours(25);

    // Each seeding or recording is followed by a take that succeeds, unless others use it up at once, again and again.
    private const int MostRounds = 50;
    private static readonly string[] Modes = ["take", "call", "rotate"];
    private readonly ConcurrentDictionary<string, GivenBack> _givenBack = new();

    /// <summary>Takes a slot, or says when one will be free.</summary>
    public async Task<Take> TakeAsync(TakeRequest request, CancellationToken cancellationToken)
    {
        var provider = fleet.Current.Providers[request.Provider];
        for (var round = 0; round < MostRounds; round++)
        {
            var answer = await EvaluateAsync(provider, s => s.Take, TakeArguments(provider, request));
            switch ((int)answer[0])
            {
                case 1:
                    var account = Guid.ParseExact((string)answer[1]!, "N");
                    Replenish(provider, account, (int)answer[3], request);
                    return new Take.Granted(account);
                case 0:
                    var at = (long)answer[1];
                    return new Take.Busy(at > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, at < 0, (string)answer[2]!);
                case 2:
                    await RecordAsync(provider, Guid.ParseExact((string)answer[1]!, "N"), (int)answer[2], request.CostCents, cancellationToken);
                    break;
                default:
                    if (!await MakeKnownAsync(provider, (string)answer[1]!, cancellationToken))
                        return new Take.Busy(null, true, "no-accounts");
                    provider = fleet.Current.Providers[request.Provider];
                    break;
            }
        }

        return new Take.Busy(clock.GetUtcNow().AddMilliseconds(100), false, "recording");
    }

    /// <summary>Gives a slot back, and keeps what was learned.</summary>
    /// <remarks>When nothing was learned nobody waits for Redis: the slot goes with the next take of this replica, which so finds it free.</remarks>
    public async Task DoneAsync(Finished done)
    {
        if (done is not { CoolUntil: null, Window: null })
        {
            await EvaluateAsync(
                fleet.Current.Providers[done.Provider], s => s.Done,
                [Now(), Id(done.Account), done.Ticket ?? "", Milliseconds(done.CoolUntil), Milliseconds(done.Window?.ResetAt), done.Window?.Remaining ?? 0]);
        }
        else if (done.Ticket is { } ticket)
        {
            GivenBackOf(done.Provider).Add(done.Account, ticket);
        }
    }

    /// <summary>Gives a lease's slot back.</summary>
    public Task ReleaseAsync(Lease lease) => EvaluateAsync(fleet.Current.Providers[lease.Provider], s => s.Release, [Now(), Id(lease.AccountId), lease.Id.ToString("N")]);

    /// <summary>How accounts of one provider stand.</summary>
    public async Task<IReadOnlyList<Standing>> InspectAsync(string name, IReadOnlyCollection<Guid> accounts, CancellationToken cancellationToken)
    {
        var provider = fleet.Current.Providers[name];
        await GiveBackAsync(name);
        RedisValue[] arguments = [Now(), .. accounts.Select(Id)];
        var rows = await EvaluateAsync(provider, s => s.Inspect, arguments);
        if (rows.Length < accounts.Count)
        {
            await SeedAsync(provider, cancellationToken);
            rows = await EvaluateAsync(provider, s => s.Inspect, arguments);
        }

        return [.. rows.Select(StandingOf)];
    }

    /// <summary>Health that was decided and stored.</summary>
    /// <param name="lift">An operator's word also ends cooldowns that replicas imposed by themselves, and rests.</param>
    public async Task SetHealthAsync(IObserved subject, bool lift)
    {
        var accounts = subject is Account own ? [own] : fleet.Current.Accounts.Values.Where(a => a.ProxyId == subject.Id).ToArray();
        foreach (var account in accounts.Where(a => fleet.Current.Providers.ContainsKey(a.Provider)))
        {
            await EvaluateAsync(fleet.Current.Providers[account.Provider], s => s.Health,
            [
                Now(), Id(account.Id), subject is Account ? "account" : "proxy", subject.Health.Status.Name(), AwayUntil(subject.Health), subject.Health.Version, lift ? "1" : "0",
            ]);
        }
    }

    /// <summary>Makes a provider's accounts known, or brings them up to date.</summary>
    public async Task SeedAsync(ProviderFleet provider, CancellationToken cancellationToken)
    {
        if (provider.Accounts.Count == 0)
            return;
        var now = Time();
        var recorded = await usage.LoadAsync([.. provider.Accounts.Select(a => a.Id)], now, cancellationToken);
        var open = await leases.OpenAsync(provider.Settings.Name, cancellationToken);
        var seeds = provider.Accounts.Select(a => Seed.Of(a, fleet.Current.ProxyOf(a), provider.Settings, recorded.GetValueOrDefault(a.Id) ?? Usage.None, open[a.Id], now));
        await EvaluateAsync(provider, s => s.Seed,
            [Now(), JsonSerializer.Serialize(seeds, JsonSerializerOptions.Web), (long)SlotLife.TotalMilliseconds, (long)KeyLife.TotalMilliseconds]);
    }

    /// <summary>Removes an account.</summary>
    public Task ForgetAsync(ProviderFleet provider, Guid account) => EvaluateAsync(provider, s => s.Forget, [Now(), Id(account)]);

    /// <summary>Keeps this replica's slots alive, and the keys of the provider.</summary>
    /// <param name="takeUp">The state was built anew, and does not know the slots.</param>
    public Task RenewAsync(ProviderFleet provider, IEnumerable<(Guid Account, string Ticket)> slots, bool takeUp) => EvaluateAsync(provider, s => s.Renew,
    [
        Now(), Milliseconds(Time() + SlotLife), takeUp ? "NX" : "XX", (long)KeyLife.TotalMilliseconds, .. slots.SelectMany(s => new RedisValue[] { Id(s.Account), s.Ticket }),
    ]);

    /// <summary>Adds to counters of hashes that live for a while.</summary>
    public async Task AddAsync(string provider, IReadOnlyCollection<(string Key, string Field, long Count, TimeSpan Life)> counts)
    {
        var prefix = $"stealth:{{{provider}}}:{await epoch.GetAsync()}:";
        var batch = redis.GetDatabase().CreateBatch();
        var sent = counts.Select(c => (Task)batch.HashIncrementAsync(prefix + c.Key, c.Field, c.Count))
            .Concat(counts.DistinctBy(c => c.Key).Select(c => (Task)batch.KeyExpireAsync(prefix + c.Key, c.Life))).ToArray();
        batch.Execute();
        await Task.WhenAll(sent);
    }

    /// <summary>Redis' own keys of one kind for these subjects, for reading statistics.</summary>
    public async Task<HashEntry[][]> ReadAsync(string provider, IEnumerable<string> keys)
    {
        var prefix = $"stealth:{{{provider}}}:{await epoch.GetAsync()}:";
        var database = redis.GetDatabase();
        return await Task.WhenAll(keys.Select(k => database.HashGetAllAsync(prefix + k)));
    }

    internal static string Id(Guid id) => id.ToString("N");

    /// <summary>A clock that a test sets counts for Redis, too; else Redis' own does.</summary>
    private DateTimeOffset Time() => clock.GetUtcNow();

    private RedisValue Now() => ReferenceEquals(clock, TimeProvider.System) ? 0 : clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static long Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds() ?? 0;

    private static long AwayUntil(HealthState health) =>
        health.Status is HealthStatus.Cooling or HealthStatus.Banned or HealthStatus.Disabled ? Seed.AwayUntil(health) : 0;

    private RedisValue[] TakeArguments(ProviderFleet provider, TakeRequest request)
    {
        var hint = provider.Settings.Strategy == Strategy.StickyByUser ? request.User : Random.Shared.Next().ToString(CultureInfo.InvariantCulture);
        var slots = GivenBackOf(request.Provider).Take();
        RedisValue[] head =
        [
            Now(), Modes[(int)request.Mode], request.Ticket, (long)(request.Life ?? SlotLife).TotalMilliseconds, request.CostCents, hint, slots.Length / 2, .. slots,
        ];
        if (request.Lease is { } lease)
            return [.. head, Id(lease.AccountId), lease.Id.ToString("N")];
        return request.Excluded is { Count: > 0 } excluded ? [.. head, .. excluded.Select(e => (RedisValue)Id(e))] : head;
    }

    private GivenBack GivenBackOf(string provider) => _givenBack.GetOrAdd(provider, name => new GivenBack(() => _ = GiveBackAsync(name)));

    /// <summary>Gives back what no take has taken along. Nobody waits for it: commands keep their order.</summary>
    private async Task GiveBackAsync(string provider)
    {
        var slots = GivenBackOf(provider).Take();
        // Of a provider that was removed meanwhile there is nothing to give back to.
        if (slots.Length == 0 || !fleet.Current.Providers.TryGetValue(provider, out var known))
            return;
        try
        {
            await EvaluateAsync(known, s => s.Release, [Now(), .. slots], CommandFlags.FireAndForget);
        }
        catch (Exception e) when (Rotator.IsAway(e))
        {
            // They expire by themselves.
            return;
        }
    }

    private async Task<RedisResult[]> EvaluateAsync(ProviderFleet provider, Func<ScriptSet, Script> script, RedisValue[] arguments, CommandFlags flags = CommandFlags.None)
    {
        var strategy = provider.Settings.Strategy;
        RedisKey key = $"stealth:{{{provider.Settings.Name}}}:{await epoch.GetAsync()}:order:{strategy.Name()}";
        if (flags == CommandFlags.FireAndForget)
        {
            await redis.GetDatabase().ScriptEvaluateAsync(script(Scripts.ByStrategy[strategy]).Hash, [key], arguments, flags);
            return [];
        }

        var answer = await EvaluateAsync(script(Scripts.ByStrategy[strategy]), [key], arguments);
        return answer.Resp2Type == ResultType.Array ? (RedisResult[])answer! : [answer];
    }

    private async Task<RedisResult> EvaluateAsync(Script script, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await redis.GetDatabase().ScriptEvaluateAsync(script.Hash, keys, arguments);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await redis.GetDatabase().ScriptEvaluateAsync(script.Text, keys, arguments);
        }
    }

    private async Task<bool> MakeKnownAsync(ProviderFleet provider, string account, CancellationToken cancellationToken)
    {
        if (account.Length > 0 && !provider.Accounts.Any(a => Id(a.Id) == account))
        {
            // Another replica knows more than this one, or less.
            await fleet.ReloadAsync(cancellationToken);
            provider = fleet.Current.Providers[provider.Settings.Name];
            if (!provider.Accounts.Any(a => Id(a.Id) == account))
                await ForgetAsync(provider, Guid.ParseExact(account, "N"));
        }

        await SeedAsync(provider, cancellationToken);
        return provider.Accounts.Count > 0;
    }

    private async Task RecordAsync(ProviderFleet provider, Guid account, int hour, int cost, CancellationToken cancellationToken)
    {
        if (fleet.Current.Accounts.GetValueOrDefault(account) is not { } known)
        {
            await MakeKnownAsync(provider, Id(account), cancellationToken);
            return;
        }

        var requests = UsageLedger.AdvanceOf(known.Limits, provider.Settings.Rest);
        var cents = cost == 0 ? 0 : Math.Max(cost, Math.Min((known.Limits.SpendCentsPerMonth ?? 0) / 50, cost * 10L));
        await usage.RecordAsync(account, hour, requests, cents, cancellationToken);
        await EvaluateAsync(provider, s => s.Credit, [Now(), Id(account), hour, requests, cents]);
    }

    /// <summary>Records the next advance before the last one is used up, so that no request waits for it.</summary>
    private void Replenish(ProviderFleet provider, Guid account, int left, TakeRequest request)
    {
        if (request.Mode == TakeMode.Rotate || request.CostCents > 0 || fleet.Current.Accounts.GetValueOrDefault(account) is not { } known)
            return;
        var advance = UsageLedger.AdvanceOf(known.Limits, provider.Settings.Rest);
        // Exactly once for each advance: whoever passes the middle does it.
        if (advance >= 4 && left == advance / 2)
            _ = RecordQuietlyAsync(provider, account);
    }

    private async Task RecordQuietlyAsync(ProviderFleet provider, Guid account)
    {
        try
        {
            await RecordAsync(provider, account, UsageLedger.HourOf(Time()), 0, CancellationToken.None);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or System.Data.Common.DbException)
        {
            // The take that finds no credit left does it, and tells of the error.
            return;
        }
    }

    private static Standing StandingOf(RedisResult row)
    {
        var values = (RedisResult[])row!;
        var reason = (string)values[1]!;
        var at = (long)values[2];
        var provider = (long)values[9];
        return new Standing(
            Guid.ParseExact((string)values[0]!, "N"), reason.Length == 0 ? null : reason, at > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            (int)values[3], (long)values[4], (long)values[5], (long)values[6], (long)values[7], (int)values[8], provider < 0 ? null : Math.Max(0, provider));
    }
}
