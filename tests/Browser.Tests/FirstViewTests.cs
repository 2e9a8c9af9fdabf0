using System.Collections.Concurrent;
using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>What is seen of a page before the app runs.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class FirstViewTests(BrowserPlatform platform)
{
    [Theory]
    [InlineData("/", "en", "Say it. Hear it. Own it.")]
    [InlineData("/pool", "es", "Fondo común")]
    [InlineData("/pricing", "en", "Pricing")]
    public async Task Page_WhileTheCodeIsOnItsWay_IsReadByVisitors_ButNotUsedYet(string path, string language, string heading)
    {
        var page = await platform.OpenAsVisitorAsync(language);
        await KeepCodeAwayAsync(page);

        await page.GotoAsync(path);

        await Assertions.Expect(page.Locator("main h1")).ToHaveTextAsync(heading);
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("BODY", await page.EvaluateAsync<string>("() => document.activeElement.tagName"));
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("/library", "Library")]
    [InlineData("/create", "Create")]
    public async Task Page_WhileTheCodeIsOnItsWay_IsAMembersForMembers(string path, string heading)
    {
        var page = await platform.OpenAsAsync(await Member.RegisterAsync(platform.GatewayUrl));
        await KeepCodeAwayAsync(page);

        await page.GotoAsync(path);

        await Assertions.Expect(page.Locator("main h1")).ToHaveTextAsync(heading);
        await Assertions.Expect(page.Locator("a[href='/login']")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    /// <summary>What is asked for beside the code is what the page uses: nothing is fetched twice.</summary>
    [Fact]
    public async Task VisitorsPage_AsksForItsDataOnce_BesideTheCode()
    {
        var page = await platform.OpenAsVisitorAsync();
        var asked = new ConcurrentQueue<string>();
        page.Request += (_, request) => asked.Enqueue(new Uri(request.Url).PathAndQuery);

        await page.ShowAsync("/pool");

        var data = asked.Where(path => path.StartsWith("/api/community/pool?", StringComparison.Ordinal) || path == "/api/genres").ToList();
        Assert.Equal(2, data.Count);
        Assert.Equal(2, data.Distinct().Count());
        await page.Context.CloseAsync();
    }

    private static Task KeepCodeAwayAsync(IPage page) => page.RouteAsync("**/assets/*.js", route => route.AbortAsync());
}
