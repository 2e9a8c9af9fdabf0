using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Payments;

/// <summary>Case 12 of the matrix, with a clock of its own: it travels far.</summary>
[Trait("Category", "Integration")]
public class AnniversaryTests(StripeApp stripe) : IClassFixture<StripeApp>
{
    [Fact]
    public async Task Case12_WhenAnchoredOnThe31st_FallsOnTheLastDayOfShortMonths()
    {
        var now = stripe.Clock.GetUtcNow();
        await stripe.TravelAsync(new DateTimeOffset(now.Year + 1, 1, 31, 10, 0, 0, TimeSpan.Zero) - now);
        var user = await stripe.SubscribeAsync(Tier.Creator);
        var days = new List<int> { (await ResetAsync(user)).Day };

        for (var month = 0; month < 2; month++)
        {
            var end = await ResetAsync(user);
            await stripe.TravelAsync(end - stripe.Clock.GetUtcNow() + TimeSpan.FromHours(2));
            await Eventually.PassesAsync(async () => Assert.True(await ResetAsync(user) > end.AddDays(1)));
            days.Add((await ResetAsync(user)).Day);
        }

        Assert.Equal([DateTime.DaysInMonth(now.Year + 1, 2), 31, 30], days);
    }

    private async Task<DateTimeOffset> ResetAsync(Guid user) => (await stripe.LimitsAsync(user)).GetProperty("resetAt").GetDateTimeOffset();
}
