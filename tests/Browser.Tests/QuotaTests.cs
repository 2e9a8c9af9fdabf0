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
}
