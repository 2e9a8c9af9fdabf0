using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Son1kVers3.Gateway.RateLimits;
using Son1kVers3.Testing;
using StackExchange.Redis;

namespace Son1kVers3.Gateway.Tests;

public sealed class GcraTests
{
    [Fact]
    [Trait("Category", "Unit")]
    public void Burst_WhenSpent_ComesBackEvenly()
    {
        var limit = new RateLimit("test", 60, 3);
        long arrival = 0, now = 1_000_000_000;

        Assert.Equal([2L, 1L, 0L], Enumerable.Range(0, 3).Select(_ => Gcra.Decide(ref arrival, now, limit).Remaining));
        var refused = Gcra.Decide(ref arrival, now, limit);
        Assert.False(refused.Allowed);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(3), refused.Reset);

        Assert.False(Gcra.Decide(ref arrival, now + 999_999, limit).Allowed);
        Assert.True(Gcra.Decide(ref arrival, now + 1_000_000, limit).Allowed);
        Assert.False(Gcra.Decide(ref arrival, now + 1_000_000, limit).Allowed);
        Assert.Equal(2, Gcra.Decide(ref arrival, now + 60_000_000, limit).Remaining);
    }

    [Theory]
    [Trait("Category", "Unit")]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    [InlineData("::1", "::1")]
    public void Caller_OfAnAddress_IsItsNetworkInIPv6(string address, string caller) =>
        Assert.Equal(caller, RateLimitRules.CallerOf(IPAddress.Parse(address)));

    [Theory]
    [Trait("Category", "Unit")]
    [InlineData("zero")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    public void Scale_WhenNotANumberAboveZero_StopsTheStart(string scale)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("RATE_LIMIT_SCALE", scale)]).Build();

        Assert.Throws<InvalidOperationException>(() => new RateLimitRules(configuration));
    }

    [Fact]
    [Trait("Category", "Integration")]
    public async Task QuickCaller_AsksRedisSeldom_AndGetsTheLimitToTheUnit_AtTwoGateways()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync((await ServerSet.GetAsync()).CreateRedisDatabase());
        RateLimiter Gateway() => new(redis, TimeProvider.System, NullLogger<RateLimiter>.Instance);
        // So slow that nothing comes back while the test runs.
        var limit = new RateLimit("slices", 1, 100);
        var (first, second, caller) = (Gateway(), Gateway(), Guid.NewGuid().ToString());

        var before = redis.OperationCount;
        var answers = new List<RateDecision>();
        for (var n = 0; n < 60; n++)
            answers.Add(await first.CountAsync(limit, caller));
        Assert.Equal(Enumerable.Range(40, 60).Reverse().Select(left => (long)left), answers.Select(a => a.Remaining));
        Assert.InRange(redis.OperationCount - before, 5, 20);

        // What the first has left over is forfeited: never more than the limit, and at most a slice less.
        var rest = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => second.CountAsync(limit, caller).AsTask()));
        Assert.InRange(rest.Count(a => a.Allowed), 40 - 9, 40);
    }

    [Fact]
    [Trait("Category", "Unit")]
    public async Task Prepaid_IsForfeitedAfterASecond_AndGrowsOnlyWhereRequestsFollowEachOther()
    {
        var limit = new RateLimit("test", 600, 100);
        var prepaid = new Prepaid();
        var sizes = new List<int>();
        for (long now = 1_000_000_000; sizes.Count < 6; now += 100_000)
        {
            await AskAsync(now, wanted => Task.FromResult(new Grant(wanted, 5_000_000, null)));
            while (prepaid.TryUse(now, limit, out _)) { }
        }

        Assert.Equal([1, 2, 4, 8, 10, 10], sizes);
        await AskAsync(1_010_000_000, _ => Task.FromResult(new Grant(4, 400_000, null)));
        Assert.Equal(1, sizes[^1]);
        Assert.True(prepaid.TryUse(1_010_999_999, limit, out var used));
        Assert.True(used.Allowed);
        Assert.False(prepaid.TryUse(1_011_000_000, limit, out _));
        Assert.True(prepaid.IsOver(1_011_000_000));

        Task<Grant> AskAsync(long now, Func<int, Task<Grant>> answer) => prepaid.AskAsync(() => now, limit, wanted =>
        {
            sizes.Add(wanted);
            return answer(wanted);
        });
    }

    [Fact]
    [Trait("Category", "Unit")]
    public async Task Prepaid_WhileOneAsks_OthersWaitAndAreAskedForTogether()
    {
        var limit = new RateLimit("test", 600, 100);
        var prepaid = new Prepaid();
        var asks = new List<(int Wanted, TaskCompletionSource<Grant> Answer)>();
        var callers = Enumerable.Range(0, 12).Select(_ => UseAsync()).ToList();

        Assert.Equal(1, Assert.Single(asks).Wanted);
        Assert.False(prepaid.IsOver(2_000_000_000));
        asks[0].Answer.SetResult(new Grant(1, 100_000, null));
        await Eventually.TrueAsync(() => Task.FromResult(asks.Count == 2), "those who got none ask again");
        Assert.InRange(asks[1].Wanted, 2, 11);
        for (var n = 1; callers.Exists(caller => !caller.IsCompleted); n++)
        {
            await Eventually.TrueAsync(() => Task.FromResult(asks.Count > n || callers.TrueForAll(caller => caller.IsCompleted)), "it goes on");
            if (asks.Count > n)
                asks[n].Answer.SetResult(new Grant(asks[n].Wanted, 100_000, null));
        }

        Assert.All(callers, caller => Assert.True(caller.IsCompletedSuccessfully));
        Assert.InRange(asks.Count, 2, 6);

        async Task UseAsync()
        {
            while (!prepaid.TryUse(1_000_000_000, limit, out _))
                await prepaid.AskAsync(() => 1_000_000_000, limit, Ask);
        }

        Task<Grant> Ask(int wanted)
        {
            var answer = new TaskCompletionSource<Grant>(TaskCreationOptions.RunContinuationsAsynchronously);
            asks.Add((wanted, answer));
            return answer.Task;
        }
    }

    [Fact]
    [Trait("Category", "Integration")]
    public async Task Script_InRedis_DecidesAsTheFormulaDoes()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync((await ServerSet.GetAsync()).CreateRedisDatabase());
        var limiter = new RateLimiter(redis, TimeProvider.System, NullLogger<RateLimiter>.Instance);
        // So slow that nothing comes back while the test runs.
        var limit = new RateLimit("script", 1, 5);
        var caller = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => limiter.CountAsync(limit, caller).AsTask()));

        Assert.Equal([0L, 1L, 2L, 3L, 4L], answers.Where(a => a.Allowed).Select(a => a.Remaining).Order());
        Assert.All(answers.Where(a => !a.Allowed), a => Assert.InRange(a.RetryAfter.TotalSeconds, 1, 60));
        Assert.All(answers, a => Assert.InRange(a.Reset.TotalSeconds, 1, 300));
        Assert.True(await redis.GetDatabase().KeyTimeToLiveAsync($"gateway:rate:script:{caller}") <= TimeSpan.FromSeconds(301));
    }
}
