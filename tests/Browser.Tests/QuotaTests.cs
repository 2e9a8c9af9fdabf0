using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>What a member with nothing left reads.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class QuotaTests(BrowserPlatform platform)
{
    private const int FreeUnits = 3;

    [Fact]
    public async Task FreeMember_WithNothingLeft_SeesTheTimeRunDown_AndKeepsTheDraft()
    {
        const string Draft = "a slow bolero at dusk";
        var member = await Member.RegisterAsync(platform.GatewayUrl);
        for (var i = 0; i < FreeUnits; i++)
            (await member.Client.PostAsJsonAsync("/api/generations", new { prompt = "soft bossa nova", durationSeconds = 10 })).EnsureSuccessStatusCode();
        var page = await platform.OpenAsAsync(member);

        await page.ShowAsync("/create");
        await page.GetByLabel("What should it sound like?").FillAsync(Draft);
        var timer = page.GetByRole(AriaRole.Timer);
        await Assertions.Expect(timer).ToHaveTextAsync(new Regex(@"^\d+:\d\d:\d\d$"));
        await Assertions.Expect(timer).Not.ToHaveTextAsync(await timer.InnerTextAsync());

        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("What should it sound like?")).ToHaveValueAsync(Draft);
        await Assertions.Expect(page.GetByRole(AriaRole.Timer)).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task FourthSong_SentWhileTheLastUnitWentElsewhere_SaysWhenItComesBack_AndKeepsTheDraft()
    {
        const string Draft = "a fourth song of the day";
        var member = await Member.RegisterAsync(platform.GatewayUrl);
        var page = await platform.OpenAsAsync(member);
        await page.ShowAsync("/create");
        await page.GetByLabel("What should it sound like?").FillAsync(Draft);
        for (var i = 0; i < FreeUnits; i++)
            (await member.Client.PostAsJsonAsync("/api/generations", new { prompt = "soft bossa nova", durationSeconds = 10 })).EnsureSuccessStatusCode();

        var refused = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Make the song" }).ClickAsync(),
            answer => answer.Request.Method == "POST" && answer.Url.EndsWith("/api/generations", StringComparison.Ordinal));

        Assert.Equal(429, refused.Status);
        await Assertions.Expect(page.GetByRole(AriaRole.Timer)).ToHaveTextAsync(new Regex(@"^\d+:\d\d:\d\d$"));
        await Assertions.Expect(page.GetByRole(AriaRole.Main).Locator("a[href^='/pricing']").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Main).Locator("a[href^='/pool']").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("What should it sound like?")).ToHaveValueAsync(Draft);
        Assert.Equal(FreeUnits, (await member.GetAsync("/api/generations"))["items"]!.AsArray().Count);
        await page.Context.CloseAsync();
    }
}
