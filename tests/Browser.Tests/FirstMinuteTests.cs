using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Son1kVers3.Testing;
using Xunit.Abstractions;

namespace Son1kVers3.Browser.Tests;

/// <summary>How soon somebody new hears something: what the platform promises on its first page.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class FirstMinuteTests(BrowserPlatform platform, ITestOutputHelper output)
{
    private const string Words = "soft bossa nova at dusk";
    private static readonly TimeSpan OwnSong = TimeSpan.FromSeconds(60);

    private readonly Stopwatch _clock = new();

    [Fact]
    public async Task FirstVisit_WithoutAnAccount_SoundsAfterOneClick()
    {
        var founder = await platform.Founder.Value;
        await founder.ContributeAsync(await founder.MakeSongAsync("Heard First", "public"));
        var page = await platform.OpenAsVisitorAsync();
        _clock.Start();
        await page.ShowAsync("/");
        Tell("the first page is drawn");

        await page.GetByRole(AriaRole.Button, new() { Name = "Listen now" }).ClickAsync();
        await page.WaitUntilPlayingAsync();
        Tell("half a second is heard");

        Assert.True(await page.LoudnessAsync() > 0.005, "It is silent.");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task SignUp_LeadsToAnOwnFinishedSong_WithinAMinute()
    {
        var name = $"u{Guid.NewGuid():N}"[..20];
        var page = await platform.OpenAsVisitorAsync();
        _clock.Start();
        await page.ShowAsync("/");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Make your first song" }).ClickAsync();
        await page.Locator("input[name=email]").FillAsync($"{name}@example.com");
        await page.Locator("input[name=username]").FillAsync(name);
        await page.Locator("input[name=password]").FillAsync($"Long-{Guid.NewGuid():N}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/create$"));
        Tell("signed up");

        await page.GetByLabel("What should it sound like?").FillAsync(Words);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the song" }).ClickAsync();
        var jobs = page.GetByRole(AriaRole.Complementary, new() { Name = "Songs being made" });
        await Assertions.Expect(jobs.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        Tell("sent");
        await Assertions.Expect(jobs).ToContainTextAsync("Ready", new() { Timeout = (float)OwnSong.TotalMilliseconds });
        Tell("finished");

        await jobs.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Play ") }).ClickAsync();
        await page.WaitUntilPlayingAsync();
        Tell("half a second is heard");
        Assert.True(_clock.Elapsed < OwnSong, $"It took {_clock.Elapsed.TotalSeconds:0.0} s.");
        await page.Context.CloseAsync();
    }

    private void Tell(string what) => output.WriteLine($"{_clock.Elapsed.TotalSeconds,5:0.0} s: {what}");
}
