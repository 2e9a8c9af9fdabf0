using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>From words to a song that sounds.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class CreateTests(BrowserPlatform platform)
{
    private const string Words = "soft bossa nova at dusk";
    private const float Making = 90_000;

    [Fact]
    public async Task Song_FromWordsToSound_OutlastsAReloadInTheMiddle()
    {
        var member = await Member.RegisterAsync(platform.GatewayUrl);
        var page = await platform.OpenAsAsync(member);
        await page.ShowAsync("/create");
        await page.GetByLabel("What should it sound like?").FillAsync(Words);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the song" }).DblClickAsync();
        var jobs = page.GetByRole(AriaRole.Complementary, new() { Name = "Songs being made" });
        await Assertions.Expect(jobs.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);

        await page.ReloadAsync();
        await Assertions.Expect(jobs).ToContainTextAsync("Ready", new() { Timeout = Making });
        await jobs.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Play ") }).ClickAsync();
        await page.WaitUntilPlayingAsync();

        Assert.True(await page.LoudnessAsync() > 0.005, "It is silent.");
        var before = await page.PositionAsync();
        await page.WaitUntilPlayingAsync(before + 0.5);
        Assert.Single((await member.GetAsync("/api/generations"))["items"]!.AsArray());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Song_WhoseAnswerWasLost_IsMadeAndCountedOnce()
    {
        var member = await Member.RegisterAsync(platform.GatewayUrl);
        var page = await platform.OpenAsAsync(member);
        var lost = 0;
        await page.RouteAsync("**/api/generations", async route =>
        {
            if (route.Request.Method != "POST" || Interlocked.Increment(ref lost) > 1)
            {
                await route.ContinueAsync();
                return;
            }

            await route.FetchAsync();
            await route.AbortAsync();
        });
        await page.ShowAsync("/create");
        await page.GetByLabel("What should it sound like?").FillAsync(Words);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the song" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This song was sent, but no answer came")).ToBeVisibleAsync();

        await page.ReloadAsync();
        // The note goes when it is sent, not when it is answered.
        await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync(),
            answer => answer.Request.Method == "POST" && answer.Url.EndsWith("/api/generations", StringComparison.Ordinal));

        await Assertions.Expect(page.GetByText("This song was sent, but no answer came")).ToBeHiddenAsync();
        Assert.Equal(2, lost);
        Assert.Single((await member.GetAsync("/api/generations"))["items"]!.AsArray());
        var limits = await member.GetAsync("/api/tiers/limits");
        Assert.Equal(1, (int)limits["used"]! + (int)limits["reserved"]!);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Melody_RecordedWithoutANetwork_OutlastsAReload_AndIsHeardAfterwards()
    {
        var page = await platform.OpenAsAsync(await Member.RegisterAsync(platform.GatewayUrl));
        await page.RouteAsync("**/api/voice-memos", route => route.AbortAsync());
        await page.ShowAsync("/create");
        await page.GetByText("Sing the melody").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await page.WaitForTimeoutAsync(4000);
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();

        await page.UnrouteAllAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Your recording")).ToBeVisibleAsync();
        var sent = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Find the melody" }).ClickAsync(), "**/api/voice-memos");

        Assert.Equal(201, sent.Status);
        await Assertions.Expect(page.GetByText(new Regex("notes? heard, in"))).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
