using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Billing.Tests.Payments;
using Stripe;

namespace Son1kVers3.Billing.Tests.Money;

/// <summary>Many customers of one Stripe, read through Stripe.net whenever some of their events happen to come in: shuffled, repeated,
/// lost.</summary>
public static class Lives
{
    private static readonly DateTimeOffset Now = new(2026, 5, 31, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Lives that end with something else than the model says; none.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(int lives, int seed)
    {
        var random = new Random(seed);
        using var fake = new FakeStripe();
        using var http = new HttpClient(fake);
        await using var database = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
        var client = new StripeClient(
            new StripeClientOptions { ApiKey = "sk_test_fake", HttpClient = new SystemNetHttpClient(http, enableTelemetry: false) });
        var prices = new PriceBook(
            client, new StripeKeys(database, TimeProvider.System), Options.Create(new StripeOptions()), NullLogger<PriceBook>.Instance);
        var reader = new CustomerReader(client, prices);
        var differences = new List<string>();
        for (var number = 0; number < lives; number++)
        {
            var customer = $"cus_{number}";
            var underway = 0;
            for (var step = random.Next(1, 13); step > 0; step--)
            {
                underway += fake.Live(customer, random, Now).Count;
                // Whichever event comes, and however often: it is one reading of what Stripe holds now.
                for (; underway > 0 && random.Next(2) == 0; underway--)
                    await CompareAsync(customer);
            }

            // What was lost altogether is found by the reconciler, which reads everybody.
            await CompareAsync(customer);
        }

        return differences;

        async Task CompareAsync(string customer)
        {
            var (held, truth) =
                (Truth.Of(SubscriptionRules.Of(await reader.ReadAsync(customer, CancellationToken.None), fake.NowOf(customer))),
                    fake.Truth(customer));
            if (held != truth)
                differences.Add($"{customer}: {held}, Stripe: {truth}");
        }
    }
}
