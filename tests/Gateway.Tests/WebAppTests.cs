using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Son1kVers3.Gateway.Tests;

[Collection(WorldCollection.Name)]
[Trait("Category", "Integration")]
public sealed partial class WebAppTests(World world)
{
    private const string Track = "0193a000-0000-7000-8000-000000000001";

    [Theory]
    [InlineData("/")]
    [InlineData("/pool/ranking?timeframe=week")]
    [InlineData("/settings/security")]
    [InlineData("/no/such/page")]
    public async Task Navigation_ToAnyAddressOfTheApp_GetsThePage(string path)
    {
        using var answer = await NavigateAsync(world.Gateway, path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-cache", answer.Headers.CacheControl?.ToString());
        Assert.Contains("/assets/app-1a2b3c.js", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/no-such-thing")]
    [InlineData("/assets/app-of-another-build.js")]
    [InlineData("/assets/")]
    public async Task Navigation_ToWhatIsNoPage_IsAProblemNeverHtml(string path) =>
        await (await NavigateAsync(world.Gateway, path)).ProblemAsync(404, "not-found");

    [Fact]
    public async Task AppAddress_WhenNoBrowserNavigates_IsNotFound() =>
        await (await world.Gateway.Client().GetAsync("/library")).ProblemAsync(404, "not-found");

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("identity", null)]
    public async Task Asset_IsSentAsTheBuildCompressedIt_AndKeptForGood(string accepted, string? encoding)
    {
        using var client = world.Gateway.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", accepted);

        using var answer = await client.GetAsync("/assets/app-1a2b3c.js");

        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl?.ToString());
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        Assert.Equal(WebBuild.Script, await DecodeAsync(await answer.Content.ReadAsStreamAsync(), encoding));
    }

    [Theory]
    [InlineData("/assets/app-1a2b3c.js.br")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/..%2f..%2fetc%2fpasswd")]
    public async Task File_ThatIsNoneOfTheApp_IsNotSent(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await world.Gateway.Client().GetAsync(path)).StatusCode);

    [Fact]
    public async Task File_WithoutAHashInItsName_IsAskedForAgainEachTime()
    {
        using var client = world.Gateway.Client();
        using var first = await client.GetAsync("/favicon.svg");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/favicon.svg");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var again = await client.SendAsync(request);

        Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task NewBuild_UnderARunningGateway_IsServedAtOnce_AndTheOldFilesStay()
    {
        var folder = WebBuild.Write(Directory.CreateTempSubdirectory("web-build-").FullName, "app-old.js");
        await using var gateway = await world.StartGatewayAsync(("Web:Folder", folder));
        Assert.Contains("app-old.js", await gateway.Client().GetStringAsync("/"), StringComparison.Ordinal);

        WebBuild.Write(folder, "app-new.js");
        File.SetLastWriteTimeUtc(Path.Combine(folder, "index.html"), new DateTime(2099, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Contains("app-new.js", await gateway.Client().GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Equal(WebBuild.Script, await gateway.Client().GetStringAsync("/assets/app-old.js"));
    }

    [Fact]
    public async Task App_WhenItIsNotBuilt_SaysSoAndHow()
    {
        await using var gateway = await world.StartGatewayAsync(("Web:Folder", Path.Combine(WebBuild.Folder, "not-there")));

        Assert.Contains("npm run build", await gateway.Client().GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es-MX,es;q=0.9,en;q=0.8", "es")]
    [InlineData("en-GB", "en")]
    [InlineData("de-DE,de;q=0.9,es;q=0.2,en;q=0.1", "es")]
    [InlineData("de", "en")]
    [InlineData("", "en")]
    public async Task Page_SpeaksTheLanguageThatTheBrowserAsksFor(string accepted, string language)
    {
        using var client = world.Gateway.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", accepted);

        Assert.Contains($"<html lang=\"{language}\">", await client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/challenges/0193a000-0000-7000-8000-000000000002", "es", "Challenge-1a.js", "challenges-es.js")]
    [InlineData("/challenges/0193a000-0000-7000-8000-000000000002", "en", "Challenge-1a.js", "challenges-en.js")]
    [InlineData("/settings/security", "en", "Settings-1a.js")]
    [InlineData("/settings", "en", "Settings-1a.js")]
    [InlineData("/challenges", "en")]
    [InlineData("/no/such/page", "en")]
    public async Task Page_NamesWhatItNeedsBesideTheFrame_InItsLanguage(string path, string language, params string[] files)
    {
        using var client = world.Gateway.Client();
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);

        var html = await (await client.GetAsync(path)).Content.ReadAsStringAsync();

        Assert.Equal(files.Select(file => $"<link rel=\"modulepreload\" crossorigin href=\"/assets/{file}\">"), Preload().Matches(html).Select(match => match.Value));
    }

    [Theory]
    [InlineData("/pool", "", "<h1>Pool</h1>", true)]
    [InlineData("/pool?genre=jazz", "", "<h1>Pool</h1>", false)]
    [InlineData("/pool", "son1k.language=es", "<h1>Fondo común</h1>", true)]
    [InlineData("/pool", "son1k.language=xx", "<h1>Pool</h1>", true)]
    [InlineData("/pool", "son1k.signed-in=1", "<h1>Member's pool</h1>", false)]
    [InlineData("/pool", "son1k.signed-in=1; son1k.language=es", "<h1>Fondo de Ana</h1>", false)]
    [InlineData("/settings", "", "", false)]
    public async Task Page_ShowsWhatIsSeenBeforeTheAppRuns_ToWhomItIsFor(string path, string cookies, string view, bool asksForData)
    {
        using var client = world.Gateway.Client();
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        if (cookies.Length > 0)
            client.DefaultRequestHeaders.Add("Cookie", cookies);

        using var answer = await client.GetAsync(path);

        var html = await answer.Content.ReadAsStringAsync();
        Assert.Contains($"<div id=\"root\">{view}</div>", html, StringComparison.Ordinal);
        Assert.Equal(asksForData, html.Contains("<link rel=\"preload\" as=\"fetch\" crossorigin=\"anonymous\" href=\"/api/pool?sort=recent&amp;limit=30\">", StringComparison.Ordinal));
        Assert.Equal("Accept-Language, Cookie", answer.Headers.Vary.ToString());
    }

    [Fact]
    public async Task SharedTrack_WhenEverybodyMayHearIt_UnfoldsByOpenGraphAndOEmbed()
    {
        await using var profile = await SharingAsync();
        await using var gateway = await world.StartGatewayAsync(("services:profile:http:0", profile.Address));

        var html = await gateway.Client().GetStringAsync($"/t/{Track}");
        var card = await gateway.Client().GetFromJsonAsync<JsonElement>($"/oembed?url={Uri.EscapeDataString($"http://localhost:8080/t/{Track}")}");

        Assert.Contains("<meta property=\"og:title\" content=\"Noche &quot;azul&quot; &lt;3\">", html, StringComparison.Ordinal);
        Assert.Contains("<meta property=\"og:type\" content=\"music.song\">", html, StringComparison.Ordinal);
        Assert.Contains("type=\"application/json+oembed\"", html, StringComparison.Ordinal);
        Assert.Equal("Noche \"azul\" <3", card.GetProperty("title").GetString());
        Assert.Equal("link", card.GetProperty("type").GetString());
    }

    [Fact]
    public async Task SharedCollection_WhenPublic_UnfoldsByOpenGraphAndOEmbedWithACoverOfFullSize()
    {
        await using var profile = await SharingAsync();
        await using var gateway = await world.StartGatewayAsync(("services:profile:http:0", profile.Address));

        var html = await gateway.Client().GetStringAsync($"/c/{Track}");
        var card = await gateway.Client().GetFromJsonAsync<JsonElement>($"/oembed?url={Uri.EscapeDataString($"http://localhost:8080/c/{Track}")}");

        Assert.Contains("<meta property=\"og:type\" content=\"music.playlist\">", html, StringComparison.Ordinal);
        Assert.DoesNotContain("music:musician", html, StringComparison.Ordinal);
        Assert.Equal((1200, 630), (card.GetProperty("thumbnail_width").GetInt32(), card.GetProperty("thumbnail_height").GetInt32()));
    }

    [Fact]
    public async Task SharedTrack_WhenPrivate_Is404_AndStartsTheAppForItsOwner()
    {
        await using var profile = await SharingAsync();
        await using var gateway = await world.StartGatewayAsync(("services:profile:http:0", profile.Address));

        using var answer = await gateway.Client().GetAsync("/t/0193a000-0000-7000-8000-000000000002");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Contains("/assets/app-1a2b3c.js", html, StringComparison.Ordinal);
        Assert.DoesNotContain("og:", html, StringComparison.Ordinal);
        await (await gateway.Client().GetAsync("/oembed?url=http%3A%2F%2Flocalhost%3A8080%2Ft%2F0193a000-0000-7000-8000-000000000002")).ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task OEmbed_ForAnotherOrigin_IsNotAnswered()
    {
        await using var profile = await SharingAsync();
        await using var gateway = await world.StartGatewayAsync(("services:profile:http:0", profile.Address));

        await (await gateway.Client().GetAsync($"/oembed?url={Uri.EscapeDataString($"http://elsewhere.example/t/{Track}")}")).ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task SharedPage_WhenProfileIsAway_IsServedPlain()
    {
        await using var broken = await Backend.StartAsync("profile", app =>
        {
            world.MapJwks(app);
            app.MapGet("/internal/share/{kind}/{id}", () => Results.StatusCode(500));
        });
        await using var gateway = await world.StartGatewayAsync(("services:profile:http:0", broken.Address));

        using var answer = await gateway.Client().GetAsync($"/t/{Track}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("og:", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [GeneratedRegex("<link rel=\"modulepreload\"[^>]*>")]
    private static partial Regex Preload();

    private static async Task<HttpResponseMessage> NavigateAsync(RunningGateway gateway, string path)
    {
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        return await client.GetAsync(path);
    }

    private Task<Backend> SharingAsync() => Backend.StartAsync("profile", app =>
    {
        world.MapJwks(app);
        app.MapGet("/internal/share/{kind}/{id}", (string kind, string id) => kind is "t" or "c" && id == Track
            ? Results.Json(new
            {
                kind,
                id,
                title = "Noche \"azul\" <3",
                description = "ambient, calm",
                url = $"http://localhost:8080/{kind}/{Track}",
                image = $"http://localhost:8080/api/generations/{Track}/cover?size=og",
                audio = $"http://localhost:8080/api/generations/{Track}/audio",
                authorName = "Ana",
                authorUrl = "http://localhost:8080/u/ana",
                durationSeconds = 60.2,
            })
            : Results.NotFound());
    });

    private static async Task<string> DecodeAsync(Stream body, string? encoding)
    {
        await using var plain = encoding switch { "br" => new BrotliStream(body, CompressionMode.Decompress), "gzip" => new GZipStream(body, CompressionMode.Decompress), _ => body };
        return await new StreamReader(plain).ReadToEndAsync();
    }
}
