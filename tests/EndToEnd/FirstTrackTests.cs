using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Programs;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class FirstTrackTests(Platform platform)
{
    [Fact]
    public async Task Member_WhoSignsUpAndGeneratesInTheSameSecond_FollowsItToAFinishedMasteredTrack()
    {
        var member = await platform.SignUpAsync();
        var generation = await member.GenerateAsync(Journey.Prompt(seconds: 20)).AcceptedAsync();
        Assert.Equal("queued", (string?)generation["status"]);
        Assert.Equal(2, (int)generation["quota"]!["remaining"]!);

        var kinds = new List<string>();
        await foreach (var step in member.Client.ReadEventsAsync($"/api/generations/{generation["id"]}/events"))
            kinds.Add(step.Kind);

        Assert.Equal("completed", kinds[^1]);
        Assert.Contains("rendering", kinds);
        var done = await member.GetJsonAsync($"/api/generations/{generation["id"]}");
        Assert.Equal("bossa-nova", (string?)done["plan"]!["genre"]);
        Assert.Equal(120, (double)done["plan"]!["tempo"]!);
        Assert.Equal("A minor", (string?)done["plan"]!["key"]);

        var mp3 = await member.Client.GetByteArrayAsync($"/api/generations/{generation["id"]}/audio?format=mp3");
        await HearAsync(mp3, seconds: 20);
    }

    [Fact]
    public async Task Audio_BySignedUrl_NeedsNoToken_AndServesRanges()
    {
        var member = await platform.SignUpAsync();
        var generation = await member.GenerateAsync().AcceptedAsync();
        var done = await member.EndedAsync(generation);
        var file = done["files"]!.AsArray().First(f => (string?)f!["format"] == "mp3")!;
        var address = new Uri(platform.GatewayUrl, (string)file["url"]!);

        using var browser = platform.CreateClient();
        var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(0, 99) } };
        var part = await browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(100, (await part.Content.ReadAsByteArrayAsync()).Length);
        Assert.NotNull(part.Headers.ETag);

        var forged = await browser.GetAsync(address.AbsoluteUri[..^2] + (address.AbsoluteUri[^2..] == "AA" ? "BB" : "AA"));
        Assert.True(forged.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound, $"a forged signature answered {forged.StatusCode}");
    }

    [Fact]
    public async Task Generation_OfAnotherUser_IsNotThere()
    {
        var owner = await platform.SignUpAsync();
        var stranger = await platform.SignUpAsync();
        var generation = await owner.GenerateAsync().AcceptedAsync();
        var path = $"/api/generations/{generation["id"]}";

        foreach (var address in (string[])[path, $"{path}/audio?format=mp3", $"{path}/events", $"{path}/waveform"])
            await (await stranger.Client.GetAsync(address)).ProblemAsync(HttpStatusCode.NotFound);
        await (await stranger.Client.PostAsync($"{path}/cancel", null)).ProblemAsync(HttpStatusCode.NotFound);
        await (await stranger.Client.DeleteAsync(path)).ProblemAsync(HttpStatusCode.NotFound);

        using var nobody = platform.CreateClient();
        await (await nobody.GetAsync(path)).ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("completed", (string?)(await owner.EndedAsync(generation))["status"]);
    }

    private static async Task HearAsync(byte[] mp3, double seconds)
    {
        var path = Path.Combine(Path.GetTempPath(), $"heard-{Guid.NewGuid():N}.mp3");
        await File.WriteAllBytesAsync(path, mp3);
        try
        {
            var tools = StudioTools.Find().Tools!;
            var loudness = await new LoudnessMeter(tools).MeasureAsync(path, CancellationToken.None);
            Assert.InRange(loudness.IntegratedLufs, -15, -13);
            Assert.True(loudness.TruePeakDbtp <= 0, $"true peak {loudness.TruePeakDbtp} dBTP after decoding");
            Assert.InRange(await AudioProbe.SecondsAsync(path), seconds - 2, seconds + 2);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

internal static class AudioProbe
{
    public static async Task<double> SecondsAsync(string path)
    {
        var start = new System.Diagnostics.ProcessStartInfo("ffprobe") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-v", "error", "-show_entries", "format=duration", "-of", "json", path])
            start.ArgumentList.Add(argument);
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return double.Parse((string)JsonNode.Parse(output)!["format"]!["duration"]!, System.Globalization.CultureInfo.InvariantCulture);
    }
}
