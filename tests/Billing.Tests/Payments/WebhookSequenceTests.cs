using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Billing.Tests.Hosting;
using Son1kVers3.Billing.Tests.Money;
using Son1kVers3.Billing.Webhooks;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Payments;

/// <summary>Random sequences of events, shuffled, repeated and lost: what we hold in the end is what Stripe holds.</summary>
public class WebhookSequenceTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 31, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A tenth of the lives that <c>tests/Load -- lives</c> goes through.</summary>
    [Fact]
    [Trait("Category", "Unit")]
    public async Task Readings_AfterRandomLives_AreWhatStripeHolds() => Assert.Empty(await Lives.DifferencesAsync(1000, 20261122));

    /// <summary>The same through inbox, worker, database and reconciler.</summary>
    [Fact]
    [Trait("Category", "Integration")]
    public async Task Accounts_AfterShuffledRepeatedAndLostEvents_AreWhatStripeHolds()
    {
        var stripe = new FakeStripe();
        await using var app = new BillingApp
        {
            Replace = services => services.AddHttpClient(StripeConnection.Name).ConfigurePrimaryHttpMessageHandler(() => stripe),
        };
        app.Settings["Stripe:SecretKey"] = "sk_test_fake";
        app.Settings["Stripe:ReconcileSeconds"] = "86400";
        await app.InitializeAsync();
        app.Clock.Set(Now);
        var random = new Random(7);
        var users = await CustomersAsync(app, 150);
        var inbox = app.Services.GetRequiredService<EventInbox>();
        for (var round = 0; round < 6; round++)
        {
            var sent = users.Values.SelectMany(customer => stripe.Live(customer, random, Now))
                .SelectMany(e => Enumerable.Repeat(e, random.Next(3))).ToArray();
            random.Shuffle(sent);
            await Parallel.ForEachAsync(
                sent, new ParallelOptions { MaxDegreeOfParallelism = 4 },
                async (e, _) => await inbox.AddAsync(StripeEvents.Read(e, Now, out bool _), CancellationToken.None));
        }

        await app.Services.GetRequiredService<Reconciler>().RunOnceAsync(CancellationToken.None);

        await Eventually.PassesAsync(async () => Assert.Empty(await DifferentAsync(app, stripe, users)));
    }

    private static async Task<Dictionary<Guid, string>> CustomersAsync(BillingApp app, int count)
    {
        var users = Enumerable.Range(0, count).ToDictionary(_ => Guid.CreateVersion7(), i => $"cus_{i}");
        foreach (var (user, customer) in users)
        {
            await using var command = app.Database.CreateCommand(
                "INSERT INTO stripe_customers (user_id, customer_id, generation, deleted) VALUES ($1, $2, 0, false)");
            command.Parameters.AddWithValue(user);
            command.Parameters.AddWithValue(customer);
            await command.ExecuteNonQueryAsync();
        }

        return users;
    }

    private static async Task<List<string>> DifferentAsync(BillingApp app, FakeStripe stripe, Dictionary<Guid, string> users)
    {
        var held = new Dictionary<Guid, Truth>();
        await using var command = app.Database.CreateCommand(
            "SELECT user_id, paid_tier, paid_until, CASE WHEN paid_tier > 0 THEN period_start END FROM accounts");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            held[row.GetGuid(0)] = new Truth(
                (Tier)row.GetInt16(1),
                row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
                row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3),
                0);
        }

        return [.. users.Where(u => held.GetValueOrDefault(u.Key) != stripe.Truth(u.Value) with { Surplus = 0 })
            .Select(u => $"{u.Value}: {held.GetValueOrDefault(u.Key)}, Stripe: {stripe.Truth(u.Value)}")];
    }
}
