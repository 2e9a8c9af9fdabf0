using System.Net;
using System.Net.Http.Json;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>A member whose jobs fail again and again takes nothing from the others but what a growing delay lets through.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class FailureStreakTests(GenerationFixture fixture)
{
    private static readonly object Failing = new { prompt = "fail:ContentRejected", provider = "test", durationSeconds = 10 };

    [Fact]
    public async Task Order_WhenThreeFailedInARow_WaitsLongerEachTimeAndCostsNothing()
    {
        var user = Guid.CreateVersion7();
        var clock = new MovableClock();
        await using var beside = await fixture.StartIdleAsync(clock);
        using var client = beside.Client(user);
        await FailAsync(client, 3);
        await fixture.ScalarAsync<int>("UPDATE failure_streaks SET last_at = $2 WHERE user_id = $1", user, clock.GetUtcNow());
        foreach (var seconds in (int[])[30, 60, 120, 240])
        {
            var early = await client.PostAsJsonAsync("/api/generations", Failing);
            Assert.Equal(HttpStatusCode.TooManyRequests, early.StatusCode);
            Assert.Contains("/too-many-failures", await early.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.InRange(early.Headers.RetryAfter!.Delta!.Value.TotalSeconds, seconds * 0.3, seconds + 1);
            await Eventually.TrueAsync(() => Task.FromResult(fixture.Billing.Reserved(user) == 0), "what failed is given back, and the refused one took nothing");

            clock.Advance(TimeSpan.FromSeconds(seconds + 1));
            // Together: one of them gets the attempt.
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.PostAsJsonAsync("/api/generations", Failing)));
            var accepted = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Accepted);
            Assert.All(answers.Where(a => a != accepted), a => Assert.Equal(HttpStatusCode.TooManyRequests, a.StatusCode));
            await GenerationFixture.WhenAsync(client, Guid.Parse(accepted.Headers.Location!.ToString().Split('/')[^1]), "failed");
            // The failure was written by the worker's clock, which this test does not move.
            await fixture.ScalarAsync<int>("UPDATE failure_streaks SET last_at = $2 WHERE user_id = $1", user, clock.GetUtcNow());
        }
    }

    [Fact]
    public async Task Order_WhenAnAttemptSucceeds_IsFreeAgain()
    {
        var user = Guid.CreateVersion7();
        using var client = fixture.Service.Client(user);
        await FailAsync(client, 3);
        await fixture.ScalarAsync<int>("UPDATE failure_streaks SET last_at = last_at - delay WHERE user_id = $1", user);

        await GenerationFixture.WhenAsync(client, await GenerationFixture.OrderAsync(client), "completed");

        await FailAsync(client, 2);
        await GenerationFixture.OrderAsync(client);
    }

    [Fact]
    public async Task Order_WhenFailuresAreDeletedOrRetried_WaitsAllTheSame()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        using var other = fixture.Service.Client(Guid.CreateVersion7());
        var failed = await FailAsync(client, 3);
        (await client.DeleteAsync($"/api/generations/{failed[0]}")).EnsureSuccessStatusCode();

        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.PostAsync($"/api/generations/{failed[1]}/retry", null)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.PostAsJsonAsync("/api/generations", Failing)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await other.PostAsJsonAsync("/api/generations", Failing)).StatusCode);
    }

    private static async Task<List<Guid>> FailAsync(HttpClient client, int times)
    {
        var failed = new List<Guid>();
        for (var n = 0; n < times; n++)
        {
            failed.Add(await GenerationFixture.OrderAsync(client, "fail:ContentRejected"));
            await GenerationFixture.WhenAsync(client, failed[^1], "failed");
        }

        return failed;
    }
}
