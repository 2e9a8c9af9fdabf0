using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>What works while nobody answers, and what happens when somebody does again.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class OfflineTests(BrowserPlatform platform)
{
    private const float Return = 60_000;

    [Fact]
    public async Task ServerAway_ShellAndKeptSongWork_AndALikeArrivesOnce()
    {
        var founder = await platform.Founder.Value;
        var id = await founder.MakeSongAsync("Kept Song", "public");
        var member = await Member.RegisterAsync(platform.GatewayUrl);
        var page = await platform.OpenAsAsync(member);
        await page.ShowAsync($"/u/{founder.Username}");
        var card = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "Kept Song" }).First;
        await card.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Keep on this device" }).ClickAsync();
        await Assertions.Expect(page.GetByText("It plays without a connection now.")).ToBeVisibleAsync();
        await WaitUntilKeptAsync(page);

        await platform.StopResourceAsync("gateway");
        try
        {
            await page.ReloadAsync();
            await Assertions.Expect(page.GetByText("No connection.")).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText(new Regex("^What you see is from"))).ToBeVisibleAsync();
            await card.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Like:") }).ClickAsync();
            await Assertions.Expect(page.GetByText("1 change waits to be sent.")).ToBeVisibleAsync();
            await card.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Play ") }).ClickAsync();
            await page.WaitUntilPlayingAsync();
            Assert.Equal("", string.Join('\n', await page.AccessibilityViolationsAsync()));
        }
        finally
        {
            await platform.StartResourceAsync("gateway");
        }

        await Assertions.Expect(page.GetByText("No connection.")).ToBeHiddenAsync(new() { Timeout = Return });
        await Assertions.Expect(page.GetByText("1 change waits to be sent.")).ToBeHiddenAsync(new() { Timeout = Return });
        await Eventually.TrueAsync(async () => (int)(await member.GetAsync($"/api/wall/{id}"))["counts"]!["likes"]! == 1, "it is counted, once");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Comment_WhoseAnswerWasLost_IsWrittenOnce()
    {
        var founder = await platform.Founder.Value;
        var id = await founder.MakeSongAsync("Commented Song", "public");
        var page = await platform.OpenAsAsync(await Member.RegisterAsync(platform.GatewayUrl));
        await page.ShowAsync($"/t/{id}");
        await page.RouteAsync("**/api/wall/*/comments", async route =>
        {
            if (route.Request.Method == "POST")
                await route.FetchAsync();
            await route.AbortAsync();
        });
        await page.RouteAsync("**/alive", route => route.AbortAsync());

        await page.GetByRole(AriaRole.Textbox, new() { Name = "comment" }).FillAsync("It stays with me.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Pending")).ToBeVisibleAsync();
        await page.UnrouteAllAsync();

        await Assertions.Expect(page.GetByText("Pending")).ToBeHiddenAsync(new() { Timeout = Return });
        await Assertions.Expect(page.GetByText("It stays with me.")).ToHaveCountAsync(1);
        Assert.Single((await founder.GetAsync($"/api/wall/{id}/comments"))["items"]!.AsArray());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task PageOfABuildThatIsGone_SaysSo_AndLosesNothing()
    {
        const string Draft = "a waltz for the last bus";
        var page = await platform.OpenAsAsync(await Member.RegisterAsync(platform.GatewayUrl));
        await page.ShowAsync("/create");
        await page.GetByLabel("What should it sound like?").FillAsync(Draft);
        await page.Context.RouteAsync("**/assets/PricingPage*", route => route.FulfillAsync(new() { Status = 404 }));
        await page.EvaluateAsync("async () => { for (const name of await caches.keys()) await caches.delete(name); }");

        await page.GetByRole(AriaRole.Link, new() { Name = "Pricing", Exact = true }).First.ClickAsync();
        var again = page.GetByRole(AriaRole.Button, new() { Name = "Try again" });
        await Assertions.Expect(again).ToBeVisibleAsync();
        await page.Context.UnrouteAllAsync();
        await again.ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Pricing");
        await page.ShowAsync("/create");
        await Assertions.Expect(page.GetByLabel("What should it sound like?")).ToHaveValueAsync(Draft);
        await page.Context.CloseAsync();
    }

    /// <summary>The worker has the app's files, and what is on the page is kept.</summary>
    private static Task WaitUntilKeptAsync(IPage page) => page.EvaluateAsync(
        """
        async () => {
            await navigator.serviceWorker.ready;
            const files = (await (await fetch('/sw.js')).text()).match(/\/assets\/[^'"]+/g);
            for (const file of files) {
                while (!(await caches.match(file))) await new Promise(resolve => setTimeout(resolve, 100));
            }
            return files.length;
        }
        """);
}
