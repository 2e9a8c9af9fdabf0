using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>A visitor becomes a member.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class SignUpTests(BrowserPlatform platform)
{
    [Fact]
    public async Task SignUp_ByKeyboardAlone_LeadsToTheGenerator_AndOutlastsAReload()
    {
        var name = $"u{Guid.NewGuid():N}"[..20];
        var page = await platform.OpenAsVisitorAsync();
        await page.ShowAsync("/register");

        // The first field has the focus already.
        foreach (var answer in (string[])[$"{name}@example.com", name, $"Long-{Guid.NewGuid():N}"])
        {
            await page.Keyboard.TypeAsync(answer);
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/create$"));
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("What should it sound like?")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task SignUp_WithANameThatIsTaken_SaysSoAtTheField_AndKeepsWhatWasTyped()
    {
        var taken = await Member.RegisterAsync(platform.GatewayUrl);
        var page = await platform.OpenAsVisitorAsync();
        await page.ShowAsync("/register");
        var email = $"u{Guid.NewGuid():N}@example.com";
        await page.Locator("input[name=email]").FillAsync(email);
        await page.Locator("input[name=username]").FillAsync(taken.Username);
        await page.Locator("input[name=password]").FillAsync(taken.Password);

        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("input[name=username][aria-invalid=true]")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("input[name=email]")).ToHaveValueAsync(email);
        await page.Context.CloseAsync();
    }
}
