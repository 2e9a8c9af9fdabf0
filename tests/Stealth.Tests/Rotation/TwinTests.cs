using System.Globalization;
using System.Text.Json;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Rotation;
using Son1kVers3.Stealth.Tests.Simulation;
using Son1kVers3.Testing;
using StackExchange.Redis;

namespace Son1kVers3.Stealth.Tests.Rotation;

/// <summary>The simulation's twin of the Lua scripts answers as they do, step by step, over random histories.</summary>
[Trait("Category", "Integration")]
public sealed class TwinTests
{
    private const int Steps = 1500;

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var strategy in Enum.GetNames<Strategy>())
            {
                cases.Add(strategy, 1);
                cases.Add(strategy, 2);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Twin_AnswersAsTheScriptsDo(string name, int seed)
    {
        var strategy = Enum.Parse<Strategy>(name);
        var servers = await ServerSet.GetAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.CreateRedisDatabase());
        var both = new Both(redis.GetDatabase(), strategy, new Random(seed));
        await both.SeedAsync();
        var seen = new HashSet<string>();
        for (var step = 0; step < Steps; step++)
            seen.Add(await both.StepAsync(step));

        // What is compared has happened at all.
        Assert.Superset(new HashSet<string> { "1", "2", "done", "health" }, seen);
        Assert.Contains(seen, s => s.StartsWith("0 ", StringComparison.Ordinal));
    }

    /// <summary>A Redis and a twin that get the same calls.</summary>
    private sealed class Both(IDatabase redis, Strategy strategy, Random random)
    {
        private readonly ScriptSet scripts = Scripts.ByStrategy[strategy];
        private readonly RotationTwin twin = new(strategy);
        private readonly RedisKey key = $"stealth:{{twin-{Guid.NewGuid():N}}}:e:order:{strategy.Name()}";
        private readonly List<(string Account, string Ticket)> running = [];
        private readonly List<(string Account, string Ticket)> givenBack = [];
        private long now = new DateTimeOffset(2026, 11, 30, 23, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        private int version = 1;

        public async Task SeedAsync()
        {
            for (var i = 0; i < 6; i++)
            {
                twin.Add(new TwinAccount($"{i:x}{new string('0', 31)}")
                {
                    Conc = 1 + random.Next(3),
                    Rpm = i % 2 == 0 ? 3 + random.Next(5) : 0,
                    Rpd = i % 3 == 0 ? 20 + random.Next(20) : 0,
                    Rpmo = i == 4 ? 60 : 0,
                    Spend = i == 5 ? 200 : 0,
                    Slide = i < 3,
                    RestN = i == 1 ? 10 : 0,
                    RestMs = 60_000,
                    Weight = 1 + i,
                });
            }

            var seeds = twin.Accounts.Values.Select(a => new Seed(
                a.Id, 1,
                new Dictionary<string, double>
                {
                    ["conc"] = a.Conc,
                    ["rpm"] = a.Rpm,
                    ["rpd"] = a.Rpd,
                    ["rpmo"] = a.Rpmo,
                    ["spend"] = a.Spend,
                    ["slide"] = a.Slide ? 1 : 0,
                    ["restN"] = a.RestN,
                    ["restMs"] = a.RestMs,
                    ["weight"] = a.Weight,
                },
                "healthy", 0, 0, 0, 0, new Dictionary<string, long[]>(), 0, 0, 0, new Dictionary<string, long>()));
            await RunAsync(scripts.Seed, JsonSerializer.Serialize(seeds, JsonSerializerOptions.Web), 15_000, 90_000_000);
        }

        /// <summary>One random call to both; returns what it was, for the record.</summary>
        public async Task<string> StepAsync(int step)
        {
            now += random.Next(4) == 0 ? random.Next(20_000) : random.Next(300);
            switch (random.Next(10))
            {
                case < 6:
                    return await TakeAsync($"t{step}");
                case 6 or 7 when running.Count > 0:
                    await DoneAsync();
                    return "done";
                case 8 when random.Next(4) == 0:
                    await SetHealthAsync();
                    return "health";
                default:
                    return "time";
            }
        }

        private async Task<string> TakeAsync(string ticket)
        {
            var cost = random.Next(3);
            var mode = random.Next(8) == 0 ? "rotate" : "take";
            var hint = strategy == Strategy.StickyByUser ? $"user{random.Next(4)}" : random.Next().ToString(CultureInfo.InvariantCulture);
            string[] excluded = random.Next(4) == 0 ? [twin.Accounts.Keys.ElementAt(random.Next(6))] : [];
            foreach (var slot in givenBack)
                twin.Done(now, slot.Account, slot.Ticket, 0, 0, 0);
            RedisValue[] slots = [.. givenBack.SelectMany(s => new RedisValue[] { s.Account, s.Ticket })];
            givenBack.Clear();
            var expected = twin.Take(now, mode, ticket, 15_000, cost, hint, excluded);
            var answer = (RedisResult[])(await RunAsync(scripts.Take, [mode, ticket, 15_000, cost, hint, slots.Length / 2, .. slots, .. excluded.Select(e => (RedisValue)e)]))!;
            var actual = (int)answer[0] switch
            {
                1 => new TwinAnswer(1, (string)answer[1]!),
                2 => new TwinAnswer(2, (string)answer[1]!, (long)answer[2]),
                0 => new TwinAnswer(0, null, (long)answer[1], (string)answer[2]!),
                _ => new TwinAnswer((int)answer[0]),
            };
            Assert.Equal(expected, actual);
            if (actual.Kind == 1 && mode == "take")
                running.Add((actual.Account!, ticket));
            if (actual.Kind == 2)
                await CreditAsync(actual.Account!, actual.Number);
            return actual.Kind == 0 ? $"0 {actual.Reason}" : actual.Kind.ToString(CultureInfo.InvariantCulture);
        }

        private async Task CreditAsync(string account, long hour)
        {
            var requests = 1 + random.Next(5);
            twin.Credit(now, account, hour, requests, 10);
            await RunAsync(scripts.Credit, account, hour, requests, 10);
        }

        private async Task DoneAsync()
        {
            var (account, ticket) = running[random.Next(running.Count)];
            running.Remove((account, ticket));
            if (random.Next(2) == 0)
            {
                // Goes with the next take.
                givenBack.Add((account, ticket));
                return;
            }

            var cool = random.Next(4) == 0 ? now + random.Next(30_000) : 0;
            var reset = random.Next(8) == 0 ? now + random.Next(30_000) : 0;
            var remaining = random.Next(3);
            twin.Done(now, account, ticket, cool, reset, remaining);
            await RunAsync(scripts.Done, account, ticket, cool, reset, remaining);
        }

        private async Task SetHealthAsync()
        {
            var account = twin.Accounts.Keys.ElementAt(random.Next(6));
            if (random.Next(5) == 0)
            {
                twin.Accounts[account].Xu = now + random.Next(20_000);
                await RunAsync(scripts.Health, account, "proxy", "cooling", twin.Accounts[account].Xu, ++version, "0");
                return;
            }

            var (status, until) = random.Next(4) switch
            {
                0 => ("cooling", now + random.Next(20_000)),
                1 => ("banned", now + random.Next(20_000)),
                2 => ("degraded", 0L),
                _ => ("healthy", 0L),
            };
            twin.SetHealth(account, status, until);
            await RunAsync(scripts.Health, account, "account", status, until, ++version, "0");
        }

        private Task<RedisResult> RunAsync(Script script, params RedisValue[] arguments) => redis.ScriptEvaluateAsync(script.Text, [key], [now, .. arguments]);
    }
}
