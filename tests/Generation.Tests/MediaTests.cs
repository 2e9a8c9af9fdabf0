using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>Bytes: ranges, tags, signatures, formats.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class MediaTests(GenerationFixture fixture)
{
    [Fact]
    public async Task Audio_WhenARangeIsAsked_SendsThatPart()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(client);
        var whole = await client.GetAsync($"/api/generations/{id}/audio");
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        var tag = whole.Headers.ETag!;

        var part = await SendAsync(client, id, r => r.Headers.Range = new RangeHeaderValue(100, 199));
        var unchanged = await SendAsync(client, id, r => r.Headers.IfNoneMatch.Add(tag));
        var stale = await SendAsync(client, id, r =>
        {
            r.Headers.Range = new RangeHeaderValue(100, 199);
            r.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue("\"other\""));
        });
        var beyond = await SendAsync(client, id, r => r.Headers.Range = new RangeHeaderValue(bytes.Length + 1, null));

        Assert.False(tag.IsWeak);
        Assert.Equal("audio/mpeg", whole.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[100..200], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes 100-199/{bytes.Length}", part.Content.Headers.ContentRange!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(HttpStatusCode.OK, stale.StatusCode);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Assert.Equal($"bytes */{bytes.Length}", beyond.Content.Headers.ContentRange!.ToString());
        Assert.Contains("/range-not-satisfiable", await beyond.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audio_WhenItIsNoLongerTheOneThatIsWanted_Is412WithAProblem()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(client);

        var answer = await SendAsync(client, id, r => r.Headers.IfMatch.Add(new EntityTagHeaderValue("\"other\"")));

        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("traceId", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audio")]
    [InlineData("waveform")]
    [InlineData("cover")]
    public async Task File_WhenOnlyItsHeadIsAsked_IsDescribedWithoutBytes(string kind)
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(client);
        var whole = await client.GetAsync($"/api/generations/{id}/{kind}");

        var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/api/generations/{id}/{kind}"));

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(whole.Headers.ETag, head.Headers.ETag);
        Assert.Equal((await whole.Content.ReadAsByteArrayAsync()).Length, head.Content.Headers.ContentLength);
    }

    /// <summary>RFC 9110, 14.2: ranges are defined for GET alone, and units that are not known are ignored.</summary>
    [Theory]
    [InlineData("HEAD", "bytes=0-9")]
    [InlineData("HEAD", "bytes=999999999-")]
    [InlineData("HEAD", "items=0-5")]
    [InlineData("GET", "items=0-5")]
    [InlineData("GET", "seconds=1-2")]
    [InlineData("GET", "0-5")]
    [InlineData("GET", "=")]
    [InlineData("GET", "bytes=5-2")]
    [InlineData("GET", "bytes=x-y")]
    public async Task File_WhenTheRangeIsNoneForIt_IsSentWhole(string method, string range)
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(client);
        foreach (var address in (string[])["audio", "waveform", "cover"])
        {
            var length = (await client.GetByteArrayAsync($"/api/generations/{id}/{address}")).Length;
            using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/generations/{id}/{address}");
            request.Headers.TryAddWithoutValidation("Range", range);

            using var answer = await client.SendAsync(request);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(length, answer.Content.Headers.ContentLength);
            Assert.Null(answer.Content.Headers.ContentRange);
            Assert.Equal(method == "GET" ? length : 0, (await answer.Content.ReadAsByteArrayAsync()).Length);
        }
    }

    [Fact]
    public async Task Audio_WhenManyAskForANewFormatAtOnce_IsMadeOnce()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(client);

        var tags = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(async _ => (await client.GetAsync($"/api/generations/{id}/audio?format=opus")).Headers.ETag!.Tag));

        Assert.Single(tags.Distinct());
        var folder = Path.Combine(fixture.MediaFolder, "store", "tracks", id.ToString());
        Assert.Single(Directory.EnumerateFiles(folder, "*.opus", SearchOption.AllDirectories));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"/api/generations/{id}/audio?format=exe")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"/api/generations/{id}/audio?format=../../x")).StatusCode);
    }

    [Fact]
    public async Task SignedUrl_WhenUntouched_PlaysWithoutAToken()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var url = await UrlAsync(client, await MakeAsync(client));

        Assert.Equal(HttpStatusCode.OK, (await fixture.Service.Client().GetAsync(url)).StatusCode);
    }

    [Fact]
    public async Task SignedUrl_WhenAltered_IsRefused()
    {
        var owner = Guid.CreateVersion7();
        using var client = fixture.Service.Client(owner);
        var id = await MakeAsync(client);
        var other = await MakeAsync(client);
        var url = await UrlAsync(client, id);
        using var anonymous = fixture.Service.Client();

        string[] altered =
        [
            url.Replace(id.ToString(), other.ToString(), StringComparison.Ordinal),
            url.Replace("format=mp3", "format=wav", StringComparison.Ordinal),
            url.Replace("/audio", "/preview", StringComparison.Ordinal),
            url.Replace(owner.ToString(), Guid.CreateVersion7().ToString(), StringComparison.Ordinal),
            url.Replace("expires=", "expires=9", StringComparison.Ordinal),
            url[..^2] + "xx",
            url.Split("&sig=")[0],
            url.Split("&sig=")[0] + "&sig=",
            url.Split("&sig=")[0] + "&sig=%C3%B1",
        ];

        foreach (var bad in altered)
        {
            var answer = await anonymous.GetAsync(bad);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{(int)answer.StatusCode} for {bad}");
        }
    }

    [Fact]
    public async Task SignedUrl_WhenItsHourIsOver_IsRefused()
    {
        var clock = new MovableClock();
        await using var beside = await fixture.StartIdleAsync(clock);
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var url = await UrlAsync(client, await MakeAsync(client));
        using var anonymous = beside.Client();

        clock.Advance(TimeSpan.FromMinutes(55));
        Assert.Equal(HttpStatusCode.OK, (await anonymous.GetAsync(url)).StatusCode);
        clock.Advance(TimeSpan.FromMinutes(6));
        var late = await anonymous.GetAsync(url);

        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
        Assert.Contains("url-expired", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignedUrl_WhenAnotherUserComesWithIt_Is404()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var url = await UrlAsync(client, await MakeAsync(client));
        using var other = fixture.Service.Client(Guid.CreateVersion7());

        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(url)).StatusCode);
    }

    [Fact]
    public async Task Audio_WhenNotFinished_IsNotReady()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, id, "rendering");

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/generations/{id}/audio")).StatusCode);

        fixture.Provider.Release(id);
        await GenerationFixture.WhenAsync(client, id, "completed");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/generations/{id}/audio")).StatusCode);
    }

    private static async Task<Guid> MakeAsync(HttpClient client)
    {
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        return id;
    }

    private static async Task<string> UrlAsync(HttpClient client, Guid id) =>
        JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}"))!["files"]!.AsArray()
            .First(f => f!["kind"]!.GetValue<string>() == "audio" && f["format"]!.GetValue<string>() == "mp3")!["url"]!.GetValue<string>();

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, Guid id, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/generations/{id}/audio");
        change(request);
        return await client.SendAsync(request);
    }
}
