using System.Text.Json.Nodes;

namespace Son1kVers3.Stripe.Sandbox.Tests;

/// <summary>Random lives of a subscription: whatever is asked in whatever order, the sandbox answers and its books add up.</summary>
[Trait("Category", "Integration")]
public sealed class RandomLifeTests : IAsyncLifetime
{
    private SandboxHost _host = null!;
    private Scenario _scenario = null!;

    public async Task InitializeAsync()
    {
        _host = await SandboxHost.StartAsync();
        _scenario = await Scenario.NewAsync(_host);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Life_OfRandomSteps_NeverFailsAndAddsUp()
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            var random = new Random(seed);
            var buyer = await _scenario.BuyAsync();
            var steps = new List<string>();
            for (var step = 0; step < 25; step++)
            {
                var answer = await StepAsync(buyer, random, steps);
                Assert.True(answer.Status < 500, $"seed {seed}: {string.Join(" > ", steps)}: {answer.Json}");
            }

            await CheckAsync(buyer, $"seed {seed}: {string.Join(" > ", steps)}");
        }
    }

    private async Task<Answer> StepAsync(Buyer buyer, Random random, List<string> steps)
    {
        var price = random.Next(2) == 0 ? _scenario.Creator : _scenario.Pro;
        var payment = (string[])["allow_incomplete", "pending_if_incomplete", "error_if_incomplete"];
        var proration = (string[])["always_invoice", "create_prorations", "none"];
        var choice = random.Next(9);
        steps.Add($"{choice}");
        switch (choice)
        {
            case 0:
                return await buyer.SwitchAsync(price, $"&proration_behavior={proration[random.Next(3)]}&payment_behavior={payment[random.Next(3)]}");
            case 1:
                return await buyer.UpdateAsync($"cancel_at_period_end={(random.Next(4) == 0 ? "true" : "false")}");
            case 2:
                await buyer.CardAsync(random.Next(3) == 0 ? "Declines" : "Succeeds");
                return await _host.GetAsync($"/v1/subscriptions/{buyer.Subscription}");
            case 3:
                var open = (await buyer.InvoicesAsync()).FirstOrDefault(i => (string?)i!["status"] == "open");
                return await _host.PostAsync($"/v1/invoices/{(string?)open?["id"] ?? "in_none"}/pay", "");
            case 4:
                return await _host.PostAsync("/v1/subscription_schedules", $"from_subscription={buyer.Subscription}");
            case 5 or 6 when (string?)(await buyer.ReadAsync())["schedule"] is { } id:
                return choice == 5 ? await _host.PostAsync($"/v1/subscription_schedules/{id}/release", "") : await SecondPhaseAsync(id, price);
            default:
                await buyer.AdvanceDaysAsync(random.Next(1, 20) + random.NextDouble());
                return await _host.GetAsync($"/v1/invoices?subscription={buyer.Subscription}");
        }
    }

    private async Task<Answer> SecondPhaseAsync(string id, string price)
    {
        var phase = (await _host.GetAsync($"/v1/subscription_schedules/{id}")).Ok["phases"]![0]!;
        return await _host.PostAsync(
            $"/v1/subscription_schedules/{id}",
            $"phases[0][items][0][price]={phase["items"]![0]!["price"]}&phases[0][start_date]={phase["start_date"]}&phases[0][end_date]={phase["end_date"]}"
            + $"&phases[1][items][0][price]={price}&phases[1][proration_behavior]=none");
    }

    private async Task CheckAsync(Buyer buyer, string life)
    {
        var subscription = await buyer.ReadAsync();
        var item = subscription["items"]!["data"]![0]!;
        var running = (string?)subscription["status"] is "active" or "past_due" or "unpaid";
        Assert.True(!running || (long)item["current_period_end"]! > buyer.Now, life);
        Assert.True(!running || (long)item["current_period_start"]! <= buyer.Now, life);

        var invoices = await buyer.InvoicesAsync();
        foreach (var invoice in invoices)
        {
            var lines = invoice!["lines"]!["data"]!.AsArray().Sum(line => (long)line!["amount"]!);
            Assert.True(lines == (long)invoice["total"]!, life);
            Assert.True((long)invoice["amount_paid"]! is var paid && (paid == 0 || paid == (long)invoice["amount_due"]!), life);
        }

        await CheckMoneyAsync(buyer, invoices, life);
    }

    /// <summary>What the customer paid, less what is still owed to them, is what was sold to them in invoices that were settled or are open.</summary>
    private async Task CheckMoneyAsync(Buyer buyer, JsonArray invoices, string life)
    {
        var charges = (await _host.GetAsync($"/v1/charges?customer={buyer.Customer}&limit=100")).Data;
        var charged = charges.Where(c => (bool)c!["paid"]!).Sum(c => (long)c!["amount"]!);
        Assert.True(charged == invoices.Sum(i => (long)i!["amount_paid"]!), life);

        var balance = (long)(await _host.GetAsync($"/v1/customers/{buyer.Customer}")).Ok["balance"]!;
        var finalized = invoices.Where(i => (string?)i!["status"] is "open" or "paid").ToArray();
        Assert.True(balance == finalized.Sum(i => (long)i!["total"]! - (long)i["amount_due"]!), life);
    }
}
