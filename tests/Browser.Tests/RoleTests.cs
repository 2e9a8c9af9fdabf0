using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>Who gets to see which pages.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class RoleTests(BrowserPlatform platform)
{
    private const string Operators = "/ops";

    [Theory]
    [InlineData("/ops")]
    [InlineData("/ops/stealth")]
    [InlineData("/ops/members?q=a")]
    public async Task Ops_AsMember_SaysThatItIsForOperators_AndAsksForNothingOfTheirs(string path)
    {
        var page = await platform.OpenAsAsync(await Member.RegisterAsync(platform.GatewayUrl));
        var asked = new ConcurrentQueue<string>();
        page.Request += (_, request) => asked.Enqueue(new Uri(request.Url).AbsolutePath);

        await page.ShowAsync(path);

        Assert.Equal("403 · Son1kVers3", await page.TitleAsync());
        Assert.Equal("Only operators can open this page", await page.Locator("main h1").InnerTextAsync());
        Assert.Equal(0, await page.Locator("main").Locator("nav, table, form, input, [role=tab]").CountAsync());
        Assert.Equal(0, await page.Locator("a[href^='/ops']").CountAsync());
        Assert.Contains(asked, path => path.StartsWith("/api/auth/", StringComparison.Ordinal));
        Assert.DoesNotContain(asked, path => path.StartsWith("/api/admin", StringComparison.Ordinal) || path.StartsWith("/api/stealth", StringComparison.Ordinal));
        Assert.DoesNotContain(asked, path => path.StartsWith("/assets/Ops", StringComparison.OrdinalIgnoreCase));
        await page.Context.CloseAsync();
    }

    /// <summary>Pages are drawn from who was here last; what the server says comes after, and counts.</summary>
    [Fact]
    public async Task Ops_AsSomebodyWhoIsNoOperatorAnyMore_Says403()
    {
        var page = await platform.OpenAsAsync(await Member.RegisterAsync(platform.GatewayUrl));
        await page.AddInitScriptAsync("if (!sessionStorage.getItem('x')) { sessionStorage.setItem('x', '1'); localStorage.setItem('son1k.me', JSON.stringify({ username: 'was', displayName: 'Was', roles: ['operator'] })); }");

        await page.GotoAsync(Operators);

        await Assertions.Expect(page.Locator("main h1")).ToHaveTextAsync("Only operators can open this page");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Ops_AsOperator_Opens_AndAsksForTheFigures()
    {
        var page = await platform.OpenAsAsync(await platform.Founder.Value);
        var asked = new ConcurrentQueue<string>();
        page.Request += (_, request) => asked.Enqueue(new Uri(request.Url).AbsolutePath);

        await page.ShowAsync(Operators);

        Assert.NotEqual("Only operators can open this page", await page.Locator("main h1").InnerTextAsync());
        Assert.Contains(asked, path => path.StartsWith("/assets/Ops", StringComparison.Ordinal));
        // The page is drawn from who was here last; the figures are asked for once there is a token.
        await Eventually.TrueAsync(() => Task.FromResult(asked.Any(path => path.StartsWith("/api/admin", StringComparison.Ordinal))), "the figures are asked for");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task MembersPage_AsVisitor_LeadsToSignIn_AndBackAfterIt()
    {
        var member = await Member.RegisterAsync(platform.GatewayUrl);
        var page = await platform.OpenAsVisitorAsync();
        await page.ShowAsync("/billing");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/login\\?to=%2Fbilling"));

        await page.GetByLabel("Username or e-mail").FillAsync(member.Username);
        await page.Locator("input[name=password]").FillAsync(member.Password);
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/billing$"));
        await page.Context.CloseAsync();
    }
}
