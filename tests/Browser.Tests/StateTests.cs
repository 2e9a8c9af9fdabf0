using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>Pages with something on them, and pages whose service is broken, can be read by everybody too.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class StateTests(BrowserPlatform platform)
{
    private static readonly int[] Widths = [320, 390, 1440];

    private static readonly string[] Pages = ["/", "/pool", "/pool/ranking?in=all_time", "/search?q=filled", "/library", "/library?tab=attempts", "/notifications", "/billing", "/pricing"];

    // Spanish has the longer words.
    [Fact]
    public async Task FilledPages_AreAccessible_AndFitEveryWidth()
    {
        var founder = await platform.Founder.Value;
        var id = await founder.MakeSongAsync("Filled Song", "public");
        await founder.ContributeAsync(id);
        var page = await platform.OpenAsAsync(founder, "es");

        await CheckAsync(page, [.. Pages, $"/t/{id}", $"/u/{founder.Username}", $"/u/{founder.Username}?view=list", "/create?mode=custom"]);
    }

    [Fact]
    public async Task PagesWhoseServiceIsBroken_SayWhatToDo_Accessibly()
    {
        const string Trouble = """{"type":"https://son1kvers3.dev/problems/unavailable","title":"Unavailable","status":503,"traceId":"4bf92f3577b34da6a3ce929d0e0e4736"}""";
        var page = await platform.OpenAsAsync(await Member.RegisterAsync(platform.GatewayUrl));
        await page.ShowAsync("/settings");
        await page.RouteAsync("**/api/**", route => new Uri(route.Request.Url).AbsolutePath.StartsWith("/api/auth", StringComparison.Ordinal)
            ? route.ContinueAsync()
            : route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = Trouble }));

        await CheckAsync(page, Pages, async path =>
        {
            if (path is not "/")
                await Assertions.Expect(page.GetByRole(AriaRole.Alert).First).ToBeVisibleAsync(new() { Timeout = 15_000 });
        });
    }

    private static async Task CheckAsync(IPage page, IEnumerable<string> paths, Func<string, Task>? wait = null)
    {
        var wrong = new List<string>();
        page.PageError += (_, error) => wrong.Add($"script: {error}");
        foreach (var path in paths)
        {
            await page.ShowAsync(path);
            await (wait?.Invoke(path) ?? Task.CompletedTask);
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, 900);
                if (await page.HorizontalOverflowAsync() is > 0 and var pixels)
                    wrong.Add($"{path} at {width}: {pixels} px wider than the window");
            }

            wrong.AddRange((await page.AccessibilityViolationsAsync()).Select(violation => $"{path}: {violation}"));
        }

        await page.Context.CloseAsync();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
