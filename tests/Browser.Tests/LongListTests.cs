using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Son1kVers3.Browser.Tests;

/// <summary>A pool of ten thousand tracks, of which the browser draws what is near the screen.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class LongListTests(BrowserPlatform platform)
{
    private const int Tracks = 10_000;
    private const int Row = 400;

    [Fact]
    public async Task TenThousandCards_AreFewInTheDocument_AndBackRestoresThePlace()
    {
        var page = await platform.OpenAsVisitorAsync();
        await page.RouteAsync(new Regex("/api/community/pool\\?"), FulfilAsync);
        await page.ShowAsync("/pool");
        while (await page.EvaluateAsync<int>("() => document.documentElement.scrollHeight") < 40 * Row)
        {
            await page.Mouse.WheelAsync(0, 4000);
            await page.WaitForTimeoutAsync(50);
        }

        Assert.InRange(await page.GetByRole(AriaRole.Article).CountAsync(), 5, 80);
        var link = page.Locator("article a[href^='/t/']").Nth(10);
        await link.ScrollIntoViewIfNeededAsync();
        var before = await page.EvaluateAsync<double>("() => scrollY");
        var title = await link.InnerTextAsync();
        await link.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/t/"));
        await page.GoBackAsync();

        await Assertions.Expect(page.GetByText(title, new() { Exact = true })).ToBeVisibleAsync();
        Assert.InRange(await page.EvaluateAsync<double>("() => scrollY"), before - Row, before + Row);
        await page.Context.CloseAsync();
    }

    private static Task FulfilAsync(IRoute route)
    {
        var query = System.Web.HttpUtility.ParseQueryString(new Uri(route.Request.Url).Query);
        var from = int.TryParse(query["cursor"], out var cursor) ? cursor : 0;
        var limit = int.Parse(query["limit"]!, System.Globalization.CultureInfo.InvariantCulture);
        var items = Enumerable.Range(from, Math.Min(limit, Tracks - from)).Select(number => new
        {
            generationId = $"01a00000-0000-7000-8000-{number:d12}",
            title = $"Track {number}",
            artist = new { username = "somebody", displayName = "Somebody", alvae = (string?)null, border = (string?)null },
            genre = "ambient",
            tempo = 90,
            key = "A minor",
            durationSeconds = 60,
            palette = new[] { "#112233", "#334455", "#556677", "#778899", "#99aabb" },
            peaks = Enumerable.Repeat(50, 64),
            quality = "standard",
            points = 1,
            likes = 0,
            plays = 0,
        });
        var next = from + limit < Tracks ? (from + limit).ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
        return route.FulfillAsync(new() { ContentType = "application/json", Body = JsonSerializer.Serialize(new { items, nextCursor = next }) });
    }
}
