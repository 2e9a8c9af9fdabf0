using System.Net;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>What operators see of all services together.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class OperatorTests(Platform platform)
{
    [Fact]
    public async Task Errors_OfAllServices_AreListedInOnePlaceAndReplayedFromThere()
    {
        var founder = await platform.Founder.Value;
        var errors = await founder.GetJsonAsync("/api/admin/errors");

        Assert.Empty(errors["away"]!.AsArray());
        Assert.Equal(["billing", "generation", "pool", "profile", "stealth"], errors["items"]!.AsArray().Select(item => (string)item!["service"]!).Distinct().Order());
        foreach (var queue in errors["items"]!.AsArray().Select(item => (string)item!["queue"]!).Where(queue => queue.EndsWith(".outbox", StringComparison.Ordinal)))
            Assert.Equal(0, (int)(await (await founder.Client.PostAsync($"/api/admin/errors/{queue}/replay", null)).JsonAsync())["messages"]!);
        await (await founder.Client.PostAsync("/api/admin/errors/pool.nothing/replay", null)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Errors_WhenAskedForByAMember_AreRefused() =>
        await (await (await platform.SignUpAsync()).Client.GetAsync("/api/admin/errors")).ProblemAsync(HttpStatusCode.Forbidden);
}
