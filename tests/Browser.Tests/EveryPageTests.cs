using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>What holds on every page in both languages, on a phone, a tablet and a desk.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class EveryPageTests(BrowserPlatform platform)
{
    private static readonly int[] Widths = [390, 768, 1440];

    private static readonly string[] Public = ["/", "/pool", "/pool/ranking", "/pricing", "/login", "/register", "/reset"];

    private static readonly string[] Members =
        ["/create", "/library", "/notifications", "/notifications?tab=preferences", "/billing", "/alvae", "/settings", "/checkout/cancel"];

    private static readonly string[] Operators = ["/ops/overview", "/ops/stealth", "/ops/pool", "/ops/members"];

    public static TheoryData<string, string> PublicPages => InBothLanguages(Public);

    public static TheoryData<string, string> MemberPages => InBothLanguages(Members);

    public static TheoryData<string, string> OperatorPages => InBothLanguages(Operators);

    [Theory]
    [MemberData(nameof(PublicPages))]
    public async Task PublicPage_IsAccessible_AndFitsEveryWidth(string path, string language) =>
        await CheckAsync(await platform.OpenAsVisitorAsync(language), path, language);

    [Theory]
    [MemberData(nameof(MemberPages))]
    public async Task MemberPage_IsAccessible_AndFitsEveryWidth(string path, string language) =>
        await CheckAsync(await platform.OpenAsAsync(await Member.RegisterAsync(platform.GatewayUrl), language), path, language);

    [Theory]
    [MemberData(nameof(OperatorPages))]
    public async Task OperatorPage_IsAccessible_AndFitsEveryWidth(string path, string language) =>
        await CheckAsync(await platform.OpenAsAsync(await platform.Founder.Value, language), path, language);

    private static async Task CheckAsync(IPage page, string path, string language)
    {
        var wrong = new List<string>();
        page.PageError += (_, error) => wrong.Add($"script: {error}");
        await page.ShowAsync(path);
        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        foreach (var width in Widths)
        {
            await page.SetViewportSizeAsync(width, 900);
            if (await page.HorizontalOverflowAsync() is > 0 and var pixels)
                wrong.Add($"{width}: {pixels} px wider than the window");
            wrong.AddRange((await page.AccessibilityViolationsAsync()).Select(violation => $"{width}: {violation}"));
        }

        await page.Context.CloseAsync();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static TheoryData<string, string> InBothLanguages(string[] paths)
    {
        var cases = new TheoryData<string, string>();
        foreach (var path in paths)
        {
            cases.Add(path, "es");
            cases.Add(path, "en");
        }

        return cases;
    }
}
