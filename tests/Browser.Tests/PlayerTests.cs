using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>Songs go on: after a pause of an hour, beside other tabs, while somebody types.</summary>
[Trait("Category", "Browser")]
[Collection(nameof(BrowserPlatform))]
public sealed class PlayerTests(BrowserPlatform platform)
{
    private const int Streams = 2;

    /// <summary>Milliseconds. The fastest of a few: a hanging tab has none, a busy machine some.</summary>
    private const string FastestAnswer =
        """
        async () => {
            let fastest = Infinity;
            for (let ask = 0; ask < 5; ask++) {
                const begun = performance.now();
                await fetch(`/api/tiers?ask=${ask}`, { cache: 'no-store', signal: AbortSignal.timeout(5000) });
                fastest = Math.min(fastest, performance.now() - begun);
            }
            return fastest;
        }
        """;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task PrivateSong_PausedForAnHour_GoesOnWhereItStopped()
    {
        var member = await Member.RegisterAsync(platform.GatewayUrl);
        await member.MakeSongAsync("Patient Song");
        var page = await platform.OpenAsAsync(member);
        var signed = new ConcurrentQueue<string>();
        page.Request += (_, request) => Keep(signed, request, "/audio");
        await page.ShowAsync("/library");
        await page.GetByRole(AriaRole.Button, new() { Name = "Play Patient Song" }).ClickAsync();
        await page.WaitUntilPlayingAsync(2);
        var player = page.GetByRole(AriaRole.Region, new() { Name = "Player" });
        await player.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        var position = await page.PositionAsync();
        var old = signed.First();
        await page.RouteAsync(url => url == old, route => route.FulfillAsync(new() { Status = 403 }));

        await page.EvaluateAsync($"() => {{ const now = Date.now; Date.now = () => now() + {Hour.TotalMilliseconds}; }}");
        await player.GetByRole(AriaRole.Button, new() { Name = "Play" }).ClickAsync();

        await page.WaitForFunctionAsync("position => !window.sounds[0].paused && window.sounds[0].currentTime > position", position);
        Assert.InRange(await page.PositionAsync(), position - 0.5, position + 3);
        Assert.NotEqual(old, signed.Last());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task ThreeTabs_ShareTwoStreams_AndOneSounds()
    {
        var founder = await platform.Founder.Value;
        var id = await founder.MakeSongAsync("Loud Song", "public");
        var first = await platform.OpenAsAsync(founder);
        IPage[] tabs = [first, await first.Context.NewPageAsync(), await first.Context.NewPageAsync()];
        var open = 0;
        var most = 0;
        foreach (var tab in tabs)
        {
            tab.Request += (_, request) => Count(request, 1);
            tab.RequestFailed += (_, request) => Count(request, -1);
            tab.RequestFinished += (_, request) => Count(request, -1);
        }

        foreach (var tab in tabs)
            await tab.ShowAsync($"/t/{id}");
        for (var job = 0; job < 5; job++)
            (await founder.Client.PostAsJsonAsync("/api/generations", new { prompt = "a short piece", durationSeconds = 10, title = $"Job {job}" })).EnsureSuccessStatusCode();
        foreach (var tab in tabs)
        {
            await Assertions.Expect(tab.GetByRole(AriaRole.Complementary, new() { Name = "Songs being made" })).ToContainTextAsync("Job 4");
            await tab.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Play") }).First.ClickAsync();
            await tab.WaitUntilPlayingAsync();
        }

        // No tab hangs behind the streams of the others.
        foreach (var tab in tabs)
            Assert.InRange(await tab.EvaluateAsync<double>(FastestAnswer), 0, 500);
        await Assertions.Expect(tabs[2].GetByRole(AriaRole.Region, new() { Name = "Player" }).GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeVisibleAsync();
        var playing = await Task.WhenAll(tabs.Select(tab => tab.IsPlayingAsync()));
        Assert.Equal([false, false, true], playing);
        Assert.InRange(Volatile.Read(ref most), 1, Streams);
        await first.Context.CloseAsync();

        void Count(IRequest request, int change)
        {
            if (!IsStream(request))
                return;
            var now = Interlocked.Add(ref open, change);
            if (now > most)
                most = now;
        }
    }

    [Fact]
    public async Task Song_ByKeyboardAlone_PlaysOn_WhileASpaceIsTypedIntoTheSearch()
    {
        var founder = await platform.Founder.Value;
        var id = await founder.MakeSongAsync("Keyboard Song", "public");
        var page = await platform.OpenAsVisitorAsync();
        await page.ShowAsync($"/t/{id}");
        var play = page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Play") }).First;
        await page.TabToAsync(play);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitUntilPlayingAsync();

        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/search"));
        var box = page.GetByRole(AriaRole.Searchbox);
        await page.TabToAsync(box);
        await page.Keyboard.TypeAsync("keyboard song");

        await Assertions.Expect(box).ToHaveValueAsync("keyboard song");
        Assert.True(await page.IsPlayingAsync());
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("k");
        await page.WaitForFunctionAsync("() => window.sounds[0].paused");
        await page.Context.CloseAsync();
    }

    private static bool IsStream(IRequest request) =>
        new Uri(request.Url).AbsolutePath is "/api/generations/events" or "/api/notifications/stream";

    private static void Keep(ConcurrentQueue<string> seen, IRequest request, string ending)
    {
        if (new Uri(request.Url).AbsolutePath.EndsWith(ending, StringComparison.Ordinal))
            seen.Enqueue(request.Url);
    }
}
