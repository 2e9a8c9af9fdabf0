using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>What holds on every page in both languages, on a phone, a tablet and a desk; and what is drawn stays.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class EveryPageTests(BrowserPlatform platform)
{
    private static readonly int[] Widths = [390, 768, 1440];

    private static readonly string[] Languages = ["es", "en"];

    [Theory]
    [InlineData("/")]
    [InlineData("/pool")]
    [InlineData("/pool/ranking")]
    [InlineData("/t/{track}")]
    [InlineData("/t/{track}?tab=score")]
    [InlineData("/u/{artist}")]
    [InlineData("/c/{collection}")]
    [InlineData("/search?q=exhibited")]
    [InlineData("/challenges")]
    [InlineData("/challenges/{challenge}")]
    [InlineData("/pricing")]
    [InlineData("/login")]
    [InlineData("/register")]
    [InlineData("/reset")]
    [InlineData("/reset?token=mailed")]
    [InlineData("/verify?token=mailed")]
    [InlineData("/no/such/page")]
    public Task PublicPage_IsAccessible_AndFitsEveryWidth(string path) => CheckAsync(Viewer.Visitor, path);

    [Theory]
    [InlineData("/t/{track}")]
    [InlineData("/c/{collection}")]
    [InlineData("/challenges/{challenge}")]
    [InlineData("/create")]
    [InlineData("/library")]
    [InlineData("/collections")]
    [InlineData("/reports/{report}")]
    [InlineData("/notifications")]
    [InlineData("/notifications?tab=preferences")]
    [InlineData("/billing")]
    [InlineData("/alvae")]
    [InlineData("/settings")]
    [InlineData("/checkout/success")]
    [InlineData("/checkout/cancel")]
    public Task MemberPage_IsAccessible_AndFitsEveryWidth(string path) => CheckAsync(Viewer.Member, path);

    [Theory]
    [InlineData("/t/{track}")]
    [InlineData("/ops/overview")]
    [InlineData("/ops/stealth")]
    [InlineData("/ops/pool")]
    [InlineData("/ops/reports")]
    [InlineData("/ops/challenges")]
    [InlineData("/ops/members")]
    [InlineData("/ops/errors")]
    [InlineData("/ops/analytics")]
    public Task OperatorPage_IsAccessible_AndFitsEveryWidth(string path) => CheckAsync(Viewer.Operator, path);

    private async Task CheckAsync(Viewer viewer, string path)
    {
        var address = path.Contains('{', StringComparison.Ordinal) || path.Contains("exhibited", StringComparison.Ordinal) ? (await platform.Exhibits.Value).Fill(path) : path;
        var wrong = await Task.WhenAll(Languages.Select(language => WrongAsync(viewer, language, address)));
        Assert.Equal("", string.Join('\n', wrong.SelectMany(each => each)));
    }

    private async Task<List<string>> WrongAsync(Viewer viewer, string language, string path)
    {
        var page = await platform.ShareAsync(viewer, language);
        var wrong = new List<string>();
        void OnError(object? sender, string error) => wrong.Add($"{language}: script: {error}");
        page.PageError += OnError;
        await page.ShowAsync(path);
        if (await page.Locator("html").GetAttributeAsync("lang") is var drawn && drawn != language)
            wrong.Add($"{language}: is drawn in {drawn}");
        foreach (var width in Widths)
        {
            await page.SetViewportSizeAsync(width, 900);
            if (await page.HorizontalOverflowAsync() is > 0 and var pixels)
                wrong.Add($"{language}, {width}: {pixels} px wider than the window");
            wrong.AddRange((await page.AccessibilityViolationsAsync()).Select(violation => $"{language}, {width}: {violation}"));
        }

        if (await page.EvaluateAsync<string?>("() => window.lostHeading") is { } lost)
            wrong.Add($"{language}: \"{lost}\" was drawn and taken away again");
        page.PageError -= OnError;
        return wrong;
    }
}
