using System.Net;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class SurvivalTests(Platform platform)
{
    [Fact]
    public async Task Generation_WhenItsProcessIsKilledWhileRendering_CompletesOnce_ChargedOnce()
    {
        var member = await platform.SignUpAsync();
        var generation = await member.GenerateAsync(Journey.Prompt(seconds: 60)).AcceptedAsync();
        await Eventually.TrueAsync(
            async () => (string?)(await member.GetJsonAsync($"/api/generations/{generation["id"]}"))["status"] == "rendering", "it renders");

        await platform.KillAsync("generation-workers");

        var done = await member.EndedAsync(generation);
        Assert.Equal("completed", (string?)done["status"]);
        await Eventually.TrueAsync(async () => await member.CountersAsync() == (1, 0), "it is charged once");
        await platform.WaitUntilHealthyAsync("generation-workers");
    }

    [Fact]
    public async Task Billing_WhenKilledWhileItReserves_GrantsNothingTwiceAndLosesNothing()
    {
        var members = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => platform.SignUpAsync()));
        var asking = members.SelectMany(member => Enumerable.Range(0, 3).Select(i => (Member: member, Answer: member.GenerateAsync(Journey.Prompt(seed: i))))).ToList();

        await platform.KillAsync("billing");

        var accepted = new List<(Member Member, JsonNode Generation)>();
        foreach (var (member, answering) in asking)
        {
            var answer = await answering;
            if (answer.StatusCode == HttpStatusCode.Accepted)
                accepted.Add((member, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!));
            else
                await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        }

        await platform.WaitUntilHealthyAsync("billing");
        foreach (var (member, generation) in accepted)
            Assert.Equal("completed", (string?)(await member.EndedAsync(generation))["status"]);
        foreach (var member in members)
            await Eventually.TrueAsync(async () => await member.CountersAsync() == (accepted.Count(a => a.Member == member), 0), "only what was made is charged");
        var founder = await platform.Founder.Value;
        Assert.Equal(0, (int)(await founder.GetJsonAsync("/api/admin/ledger/check"))["differences"]!);
        await TakesOrdersAsync();
    }

    [Fact]
    public async Task Broker_WhenAwayFor20SecondsWith20InFlight_LosesNothing()
    {
        var members = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => platform.SignUpAsync()));
        var accepted = new List<(Member Member, JsonNode Generation)>();
        foreach (var member in members)
        {
            accepted.Add((member, await member.GenerateAsync(Journey.Prompt(seed: 1)).AcceptedAsync()));
            accepted.Add((member, await member.GenerateAsync(Journey.Prompt(seed: 2)).AcceptedAsync()));
        }

        await platform.StopResourceAsync("messaging");
        var during = members[0].GenerateAsync(Journey.Prompt(seed: 3));
        await Task.Delay(TimeSpan.FromSeconds(20));
        await platform.StartResourceAsync("messaging");

        var answer = await during;
        if (answer.StatusCode == HttpStatusCode.Accepted)
            accepted.Add((members[0], JsonNode.Parse(await answer.Content.ReadAsStringAsync())!));
        else
        {
            await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        foreach (var (member, generation) in accepted)
            Assert.Equal("completed", (string?)(await member.EndedAsync(generation))["status"]);
        foreach (var group in accepted.GroupBy(a => a.Member))
            await Eventually.TrueAsync(async () => await group.Key.CountersAsync() == (group.Count(), 0), "each track is charged once");
        var founder = await platform.Founder.Value;
        Assert.Equal(0, (int)(await founder.GetJsonAsync("/api/admin/ledger/check"))["differences"]!);
        await TakesOrdersAsync();
    }

    /// <summary>Every connection that was lost is there again, also those that nothing above needed: for the story that comes next.</summary>
    private async Task TakesOrdersAsync()
    {
        var member = await platform.SignUpAsync();
        await Eventually.TrueAsync(async () => (await member.GenerateAsync()).StatusCode == HttpStatusCode.Accepted, "orders are taken again");
    }
}
