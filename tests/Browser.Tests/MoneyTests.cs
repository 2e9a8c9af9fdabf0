using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>A plan is bought, changed, cancelled and kept, on the payment sandbox.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class MoneyTests(BrowserPlatform platform)
{
    private const float Activation = 30_000;

    [Fact]
    public async Task Plan_IsBought_Upgraded_Cancelled_AndKept()
    {
        var page = await platform.OpenAsAsync(await Member.RegisterAsync(platform.GatewayUrl));
        await page.ShowAsync("/pricing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose CREATOR" }).ClickAsync();
        await page.Locator("input[name=cardNumber]").FillAsync("4242 4242 4242 4242");
        await page.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(page.GetByText("CREATOR is active.")).ToBeVisibleAsync(new() { Timeout = Activation });
        Assert.Empty(await page.AccessibilityViolationsAsync());

        await page.ShowAsync("/pricing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch to PRO" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay and switch" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your plan: PRO.")).ToBeVisibleAsync(new() { Timeout = Activation });

        await page.ShowAsync("/billing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel plan" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel plan" }).ClickAsync();
        await Assertions.Expect(page.GetByText(new Regex("^Ends on .*; until then everything stays"))).ToBeVisibleAsync(new() { Timeout = Activation });
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep my plan" }).ClickAsync();
        await Assertions.Expect(page.GetByText(new Regex("^Renews on "))).ToBeVisibleAsync(new() { Timeout = Activation });
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task OverduePlan_SaysHowLongItStays_AndIsPaidWithAnotherCard()
    {
        var page = await platform.OpenAsAsync(await Member.RegisterAsync(platform.GatewayUrl));
        await page.ShowAsync("/pricing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose CREATOR" }).ClickAsync();
        var card = page.Locator("input[name=cardNumber]");
        await card.WaitForAsync();

        // Bought a month ago, with a card that pays once: the renewal failed within this hour.
        using var sandbox = await Sandbox.OpenAsync(platform);
        var now = DateTimeOffset.UtcNow;
        var clock = await sandbox.SetClockAsync(new Uri(page.Url), now.AddMonths(-1).AddHours(-1.5));
        await card.FillAsync("4000 0000 0000 0341");
        await page.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(page.GetByText("CREATOR is active.")).ToBeVisibleAsync(new() { Timeout = Activation });
        await sandbox.AdvanceAsync(clock, now);

        var overdue = page.GetByText(new Regex("^The last payment failed. You keep CREATOR for [1-7] more days?; "));
        await Eventually.TrueAsync(
            async () =>
            {
                await page.ShowAsync("/billing");
                return await overdue.IsVisibleAsync();
            },
            "the page tells of the failed payment");
        Assert.Empty(await page.AccessibilityViolationsAsync());

        await page.GetByRole(AriaRole.Button, new() { Name = "Pay with another card" }).ClickAsync();
        await card.FillAsync("4242 4242 4242 4242");
        await page.Locator("button[value=card]").ClickAsync();
        await page.Locator("button[value=pay]").ClickAsync();
        await Assertions.Expect(page.Locator("button[value=pay]")).ToHaveCountAsync(0);
        await Eventually.TrueAsync(
            async () =>
            {
                await page.ShowAsync("/billing");
                return !await overdue.IsVisibleAsync();
            },
            "the page tells that it is paid");
        await Assertions.Expect(page.GetByText(new Regex("^Renews on "))).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task LastTrackOfThePool_GoesToOneOfTwo_AndTheOtherReadsThatItIsEmpty()
    {
        const string Genre = "tango";
        var founder = await platform.Founder.Value;
        await founder.ContributeAsync(await founder.MakeSongAsync("The Last One", genre: Genre));
        IPage[] pages = [await OpenAsync(), await OpenAsync()];

        await Task.WhenAll(pages.Select(page => page.GetByRole(AriaRole.Button, new() { Name = "Surprise me" }).ClickAsync()));

        var won = new Regex("“The Last One” is yours");
        var empty = new Regex("^Every track is taken");
        foreach (var page in pages)
            await Assertions.Expect(page.GetByText(won).Or(page.GetByText(empty)).First).ToBeVisibleAsync();
        var wins = await Task.WhenAll(pages.Select(page => page.GetByText(won).CountAsync()));
        Assert.Equal([0, 1], wins.Order());
        foreach (var page in pages)
            await page.Context.CloseAsync();

        async Task<IPage> OpenAsync()
        {
            var page = await platform.OpenAsAsync(await Member.RegisterAsync(platform.GatewayUrl));
            await page.ShowAsync($"/pool?genre={Genre}");
            return page;
        }
    }
}
