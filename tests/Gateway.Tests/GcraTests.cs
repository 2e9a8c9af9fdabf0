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
