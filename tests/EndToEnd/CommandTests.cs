using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>The buttons of the operators' dashboard, pressed as the dashboard presses them.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class CommandTests(Platform platform)
{
    [Fact]
    public async Task LedgerCheck_AfterATrackWasAskedFor_FindsNoDifference()
    {
        await (await platform.SignUpAsync()).GenerateAsync().AcceptedAsync();

        var report = await AnswerAsync("billing", "ledger-check");

        Assert.Equal(0, (int)report["differences"]!);
    }

    [Theory]
    [InlineData("profile", "profile.generation-completed")]
    [InlineData("billing", "billing.generation-requested")]
    [InlineData("pool", "pool.generation-completed")]
    [InlineData("stealth", "stealth.outbox")]
    [InlineData("generation", "generation.user-deleted")]
    public async Task ErrorQueues_OfEachService_AreListed_AndReplayedByTheirNames(string service, string queue)
    {
        var queues = (await AnswerAsync(service, "error-queues")).AsArray();
        Assert.Contains(queue, queues.Select(q => (string?)q!["queue"]));

        var replayed = await AnswerAsync(service, "replay-errors", ("queue", queue));
        Assert.Equal(0, (int)replayed["messages"]!);

        var unknown = await platform.PressAsync(service, "replay-errors", ("queue", "nobody.nothing"));
        Assert.False(unknown.Success);
        Assert.Contains("404", unknown.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_WithTwoAccounts_AnswersOneAfterTheOther_AndNoSecret()
    {
        var founder = await platform.Founder.Value;
        foreach (var name in (string[])["first", "second"])
        {
            using var made = await founder.Client.PostAsJsonAsync("/api/stealth/accounts", new
            {
                provider = "replicate",
                name,
                contractHolder = "the platform",
                termsUrl = "https://replicate.com/terms",
                secret = "secret-of-the-account",
            });
            made.EnsureSuccessStatusCode();
        }

        var turns = new List<JsonNode>();
        await Eventually.PassesAsync(async () =>
        {
            turns.Add(await AnswerAsync("stealth", "rotate", ("provider", "replicate")));
            Assert.Equal(["first", "second"], turns.Select(turn => (string?)turn["name"]).Distinct().Order());
        });

        Assert.All(turns, turn => Assert.DoesNotContain("secret-of-the-account", turn.ToJsonString(), StringComparison.Ordinal));
        Assert.False((await platform.PressAsync("stealth", "rotate", ("provider", "nobody"))).Success);
    }

    private async Task<JsonNode> AnswerAsync(string service, string command, params (string Name, string Value)[] arguments)
    {
        var (success, answer) = await platform.PressAsync(service, command, arguments);
        Assert.True(success, answer);
        return JsonNode.Parse(answer)!;
    }
}
