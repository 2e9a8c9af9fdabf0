using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Billing.Tests.Hosting;
using Son1kVers3.Billing.Webhooks;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Stripe;

/// <summary>Random sequences of events, shuffled, repeated and lost: what we hold in the end is what Stripe holds.</summary>
public class WebhookSequenceTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 31, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Ten thousand customers of one Stripe; readings happen whenever some of their events happen to come in.</summary>
    [Fact]
    [Trait("Category", "Unit")]
    public async Task Readings_After10000RandomSequences_AreWhatStripeHolds()
    {
        var random = new Random(20261122);
        var stripe = new FakeStripe();
        await using var database = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
        var calls = new StripeCalls(stripe, database, TimeProvider.System);
        var reader = new CustomerReader(calls, new PriceBook(calls, Options.Create(new StripeOptions()), NullLogger<PriceBook>.Instance));
        var held = new Dictionary<string, Bought>();
        var differences = 0;
        for (var sequence = 0; sequence < 10_000; sequence++)
        {
            var customer = $"cus_{sequence}";
            var underway = new List<JsonElement>();
            for (var step = random.Next(1, 9); step > 0; step--)
            {
                foreach (var told in stripe.Live(customer, random, Now))
                    underway.AddRange(Enumerable.Repeat(told, random.Next(4)));
                await DeliverAsync(underway, random.Next(underway.Count + 1));
            }

            await DeliverAsync(underway, underway.Count);
            // What was lost altogether is found by the reconciler, which reads everybody.
            held[customer] = SubscriptionRules.Of(await reader.ReadAsync(customer, CancellationToken.None));
            differences += Same(held[customer], stripe.Truth(customer)) ? 0 : 1;
        }

        Assert.Equal(0, differences);

        async Task DeliverAsync(List<JsonElement> underway, int count)
        {
            for (; count > 0; count--)
            {
                var at = random.Next(underway.Count);
                var customer = underway[at].Text("data", "object", "customer")!;
                underway.RemoveAt(at);
                held[customer] = SubscriptionRules.Of(await reader.ReadAsync(customer, CancellationToken.None));
            }
        }
    }

    /// <summary>The same through inbox, worker, database and reconciler.</summary>
    [Fact]
    [Trait("Category", "Integration")]
    public async Task Accounts_AfterShuffledRepeatedAndLostEvents_AreWhatStripeHolds()
    {
        var stripe = new FakeStripe();
        await using var app = new BillingApp { Replace = services => services.Replace(ServiceDescriptor.Singleton<IStripe>(stripe)) };
        app.Settings["Stripe:SecretKey"] = "sk_test_fake";
        app.Settings["Stripe:ReconcileSeconds"] = "86400";
        await app.InitializeAsync();
        app.Clock.Set(Now);
        var random = new Random(7);
        var users = await CustomersAsync(app, 150);
        var inbox = app.Services.GetRequiredService<EventInbox>();
        for (var round = 0; round < 6; round++)
        {
            var told = users.Values.SelectMany(customer => stripe.Live(customer, random, Now)).SelectMany(e => Enumerable.Repeat(e, random.Next(3))).ToArray();
            random.Shuffle(told);
            await Parallel.ForEachAsync(told, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (e, _) => await inbox.AddAsync(e, CancellationToken.None));
        }

        Assert.True(await app.Services.GetRequiredService<Reconciler>().RunOnceAsync(CancellationToken.None));

        await Eventually.PassesAsync(async () => Assert.Empty(await DifferentAsync(app, stripe, users)));
    }

    private static bool Same(Bought bought, (Tier Tier, DateTimeOffset? Until, DateTimeOffset? Period) truth) =>
        (bought.Tier, bought.Until, bought.Period?.Start) == (truth.Tier, truth.Until, truth.Period);

    private static async Task<Dictionary<Guid, string>> CustomersAsync(BillingApp app, int count)
    {
        var users = Enumerable.Range(0, count).ToDictionary(_ => Guid.CreateVersion7(), i => $"cus_{i}");
        foreach (var (user, customer) in users)
        {
            await using var command = app.Database.CreateCommand("INSERT INTO stripe_customers (user_id, customer_id, generation, deleted) VALUES ($1, $2, 0, false)");
            command.Parameters.AddWithValue(user);
            command.Parameters.AddWithValue(customer);
            await command.ExecuteNonQueryAsync();
        }

        return users;
    }

    private static async Task<List<string>> DifferentAsync(BillingApp app, FakeStripe stripe, Dictionary<Guid, string> users)
    {
        var held = new Dictionary<Guid, (Tier, DateTimeOffset?, DateTimeOffset?)>();
        await using var command = app.Database.CreateCommand("SELECT user_id, paid_tier, paid_until, CASE WHEN paid_tier > 0 THEN period_start END FROM accounts");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            held[row.GetGuid(0)] = (
                (Tier)row.GetInt16(1),
                row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
                row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3));
        }

        return [.. users.Where(u => held.GetValueOrDefault(u.Key) != stripe.Truth(u.Value)).Select(u => $"{u.Value}: {held.GetValueOrDefault(u.Key)}, Stripe: {stripe.Truth(u.Value)}")];
    }
}
