using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>A visitor becomes a member.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class SignUpTests(BrowserPlatform platform)
{
    private const float Making = 90_000;

    [Fact]
    public async Task FirstJourney_ByKeyboardAlone_LeadsFromSigningUpToAnOwnSongThatSounds()
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
        await page.TabToAsync(page.GetByLabel("What should it sound like?"));
        await page.Keyboard.TypeAsync("soft bossa nova at dusk, 20 seconds");
        await page.TabToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Make the song" }));
        await page.Keyboard.PressAsync("Enter");
        var jobs = page.GetByRole(AriaRole.Complementary, new() { Name = "Songs being made" });
        await Assertions.Expect(jobs).ToContainTextAsync("Ready", new() { Timeout = Making });
        await page.TabToAsync(jobs.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Play ") }));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitUntilPlayingAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task SignUp_WithAWeakPassword_SaysWhyInTheLanguageOfThePage()
    {
        var page = await platform.OpenAsVisitorAsync("es");
        await page.ShowAsync("/register");
        await page.Locator("input[name=email]").FillAsync($"u{Guid.NewGuid():N}@example.com");
        await page.Locator("input[name=username]").FillAsync("con espacio");
        await page.Locator("input[name=password]").FillAsync("qwertyuiop");

        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByText(new Regex("^De 3 a 30 letras"))).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText(new Regex("^(Es una de las contraseñas que se prueban|Una fila de teclas)"))).ToBeVisibleAsync();
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
