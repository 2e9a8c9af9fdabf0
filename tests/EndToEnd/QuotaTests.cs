using System.Net;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class QuotaTests(Platform platform)
{
    [Fact]
    public async Task FreeMember_WhoAsksForAFourthTrack_IsToldWhenToComeBack()
    {
        var member = await platform.SignUpAsync();
        for (var i = 0; i < 3; i++)
            await member.GenerateAsync().AcceptedAsync();

        var fourth = await member.GenerateAsync();

        var problem = await fourth.ProblemAsync(HttpStatusCode.TooManyRequests, "quota-exceeded");
        var tomorrow = TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(1);
        Assert.Equal(tomorrow, DateTimeOffset.Parse((string)problem["resetAt"]!).UtcDateTime);
        Assert.Equal("CREATOR", (string?)problem["upgradeTo"]);
        Assert.InRange(fourth.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task FreeMember_WhoPostsFiftyTimesAtOnce_GetsExactlyThree()
    {
        var member = await platform.SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => member.GenerateAsync()));

        Assert.Equal(3, answers.Count(a => a.StatusCode == HttpStatusCode.Accepted));
        Assert.Equal(47, answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task SameKey_TenTimesInParallel_MakesOneGeneration()
    {
        var member = await platform.SignUpAsync();
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => member.GenerateAsync(key: key)));

        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict, $"{a.StatusCode}"));
        var again = await member.GenerateAsync(key: key).AcceptedAsync();
        var only = Assert.Single((await member.GetJsonAsync("/api/generations"))["items"]!.AsArray());
        Assert.Equal((string?)again["id"], (string?)only!["id"]);
        await (await member.GenerateAsync(Journey.Prompt(seed: 8), key)).ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
    }

    [Fact]
    public async Task Cancelled_GivesTheUnitBack()
    {
        var member = await platform.SignUpAsync();
        var generation = await member.GenerateAsync(Journey.Prompt(seconds: 300)).AcceptedAsync();

        var cancelled = await member.Client.PostAsync($"/api/generations/{generation["id"]}/cancel", null);

        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await member.Client.PostAsync($"/api/generations/{generation["id"]}/cancel", null)).StatusCode);
        await Eventually.TrueAsync(async () => await member.CountersAsync() == (0, 0), "the unit is back");
        await (await member.Client.GetAsync($"/api/generations/{generation["id"]}/audio?format=mp3")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Failed_GivesTheUnitBack_AndTheLedgerAgrees()
    {
        var member = await platform.SignUpAsync();
        var generation = await member.GenerateAsync(new { prompt = "soft bossa nova in A minor, 120 bpm", title = Platform.Unplayable, durationSeconds = 10 }).AcceptedAsync();

        var failed = await member.EndedAsync(generation);

        Assert.Equal("failed", (string?)failed["status"]);
        Assert.NotEmpty((string)failed["reason"]!);
        await Eventually.TrueAsync(async () => await member.CountersAsync() == (0, 0), "the unit is back");
        var founder = await platform.Founder.Value;
        Assert.Equal(0, (int)(await founder.GetJsonAsync("/api/admin/ledger/check"))["differences"]!);
    }

    [Fact]
    public async Task Completed_IsChargedOnce_AndTheLedgerAgrees()
    {
        var member = await platform.SignUpAsync();
        var generation = await member.GenerateAsync().AcceptedAsync();
        await member.EndedAsync(generation);

        await Eventually.TrueAsync(async () => await member.CountersAsync() == (1, 0), "the unit is committed");
        var founder = await platform.Founder.Value;
        Assert.Equal(0, (int)(await founder.GetJsonAsync("/api/admin/ledger/check"))["differences"]!);
    }
}
