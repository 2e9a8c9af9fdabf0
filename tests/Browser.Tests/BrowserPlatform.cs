using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using Son1kVers3.Machine;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>The whole application with its web app built, and one Chromium; each visitor has a profile of their own.</summary>
public sealed class BrowserPlatform : AppFixture
{
    /// <summary>What the app remembers a sign-in by, beside the cookie that scripts can't read.</summary>
    private const string SignedInMark = "localStorage.setItem('son1k.signed-in', '1')";

    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(5);

    private static readonly string[] Flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

    /// <summary>The app's one audio element stands in no document; tests hear it here.</summary>
    private const string KeepSounds =
        "const Original = Audio; window.sounds = []; window.Audio = function (...given) { const made = new Original(...given); window.sounds.push(made); return made; }";

    /// <summary>A heading that was drawn and is gone again, as when a page is taken away to wait for something; where the app itself leads elsewhere, too.</summary>
    private const string NoticeLostHeading =
        """
        let drawn = null;
        new MutationObserver(() => {
            const heading = document.querySelector('main h1');
            const text = heading?.checkVisibility() ? heading.textContent : null;
            if (drawn && !text) window.lostHeading = drawn;
            drawn = text;
        }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['style'] });
        """;

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private readonly ConcurrentDictionary<(Viewer, string), Lazy<Task<IPage>>> _shared = [];
    private string? _sounds;

    public BrowserPlatform()
        : base(typeof(Projects.AppHost))
    {
        Founder = new Lazy<Task<Member>>(() => Member.RegisterAsync(GatewayUrl, "founder@son1kvers3.dev"));
        Exhibits = new Lazy<Task<Exhibits>>(async () => await Browser.Tests.Exhibits.MakeAsync(GatewayUrl, await Founder.Value));
    }

    /// <summary>The operator; the address can register once.</summary>
    public Lazy<Task<Member>> Founder { get; }

    /// <summary>What there is to look at.</summary>
    public Lazy<Task<Exhibits>> Exhibits { get; }

    private IBrowser Chromium => _browser ?? throw new InvalidOperationException("The browser does not run yet.");

    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        await DebianPackages.EnsureAsync([.. Tools.Node, .. Tools.Browser], Console.WriteLine, consent: true);
        await base.InitializeAsync();
        using var client = CreateClient();
        await Eventually.TrueAsync(async () => await IsBuiltAsync(client), "the web app is built and served", BuildLimit);
        _sounds = TestRun.CreateFolder("sounds");
        var hum = Path.Combine(_sounds, "hum.wav");
        Hum.Write(hum);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Tools.Browser.SelectMany(tool => tool.Paths).First(File.Exists), Args = [.. Flags, $"--use-file-for-fake-audio-capture={hum}"] });
    }

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_sounds is not null)
            await TestRun.DeleteFolderAsync(_sounds);
        await base.DisposeAsync();
    }

    /// <summary>A page of somebody who has never been here.</summary>
    public async Task<IPage> OpenAsVisitorAsync(string language = "en") => await (await NewProfileAsync(language)).NewPageAsync();

    /// <summary>A page of a member who is signed in.</summary>
    public async Task<IPage> OpenAsAsync(Member member, string language = "en")
    {
        var profile = await NewProfileAsync(language);
        var answer = await profile.APIRequest.PostAsync("/api/auth/login", new() { DataObject = new { login = member.Email, password = member.Password } });
        Assert.True(answer.Ok, $"Signing in answered {answer.Status}: {await answer.TextAsync()}");
        var token = (await answer.JsonAsync())!.Value.GetProperty("accessToken").GetString();
        var me = await profile.APIRequest.GetAsync("/api/auth/me", new() { Headers = [new("Authorization", $"Bearer {token}")] });
        // As the app leaves a browser in which somebody signed in.
        await profile.AddCookiesAsync([new() { Name = "son1k.signed-in", Value = "1", Url = GatewayUrl.ToString() }]);
        await profile.AddInitScriptAsync(SignedInMark);
        await profile.AddInitScriptAsync(
            $"if (!sessionStorage.getItem('known')) {{ sessionStorage.setItem('known', '1'); localStorage.setItem('son1k.me', {JsonSerializer.Serialize(await me.TextAsync())}); }}");
        return await profile.NewPageAsync();
    }

    /// <summary>A page for tests that only look: the same one for all of them, so that nobody waits for a new profile and its files.</summary>
    public Task<IPage> ShareAsync(Viewer viewer, string language) => _shared.GetOrAdd((viewer, language), _ => new(async () => viewer switch
    {
        Viewer.Visitor => await OpenAsVisitorAsync(language),
        Viewer.Member => await OpenAsAsync((await Exhibits.Value).Member, language),
        _ => await OpenAsAsync(await Founder.Value, language),
    })).Value;

    private static async Task<bool> IsBuiltAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/");
        return answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).Contains("/assets/", StringComparison.Ordinal);
    }

    private async Task<IBrowserContext> NewProfileAsync(string language)
    {
        var profile = await Chromium.NewContextAsync(
            new() { BaseURL = GatewayUrl.ToString(), Locale = language, ViewportSize = new() { Width = 1440, Height = 900 } });
        await profile.AddInitScriptAsync(KeepSounds);
        await profile.AddInitScriptAsync(NoticeLostHeading);
        return profile;
    }
}

/// <summary>Who looks at a page.</summary>
public enum Viewer
{
    Visitor,
    Member,
    Operator,
}

[CollectionDefinition(nameof(BrowserPlatform))]
public sealed class BrowserPlatformCollection : ICollectionFixture<BrowserPlatform>;
