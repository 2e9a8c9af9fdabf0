using System.Globalization;
using System.Net;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>The whole way from a prompt to bytes, with the real studio.</summary>
[Trait("Category", "Integration")]
public sealed class StudioTrackTests(StudioFixture fixture) : IClassFixture<StudioFixture>
{
    [Fact]
    public async Task Track_WhenCompleted_CanBeHeardInEveryFormatAndLength()
    {
        var user = Guid.CreateVersion7();
        using var client = fixture.Service.Client(user);
        var accepted = await GenerationFixture.OrderAsync(client, new { prompt = "soft pop, 110 bpm", durationSeconds = 10, seed = 7 });
        var id = accepted["id"]!.GetValue<Guid>();
        Assert.Equal("queued", accepted["status"]!.GetValue<string>());
        Assert.Equal(7, accepted["seed"]!.GetValue<int>());
        Assert.True(accepted["quota"]!.AsObject().ContainsKey("remaining"));

        var done = await GenerationFixture.WhenAsync(client, id, "completed", TimeSpan.FromSeconds(60));

        Assert.Equal("studio", done["provider"]!.GetValue<string>());
        Assert.NotEmpty(done["plan"]!["form"]!.AsArray());
        Assert.Equal("studio-1", done["plan"]!["engineVersion"]!.GetValue<string>());
        using var anonymous = fixture.Service.Client();
        foreach (var format in (string[])["mp3", "opus", "flac", "wav"])
        {
            var url = done["files"]!.AsArray().Single(f => f!["kind"]!.GetValue<string>() == "audio" && f["format"]!.GetValue<string>() == format)!["url"]!.GetValue<string>();
            var file = Path.GetTempFileName();
            await File.WriteAllBytesAsync(file, await anonymous.GetByteArrayAsync(url));
            var seconds = await GenerationFixture.RunAsync("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file);
            Assert.InRange(double.Parse(seconds, CultureInfo.InvariantCulture), 8, 12);
            var tags = await GenerationFixture.RunAsync("ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags", "-of", "flat", file);
            Assert.Contains(id.ToString(), tags, StringComparison.OrdinalIgnoreCase);
            File.Delete(file);
        }

        await Eventually.TrueAsync(() => Task.FromResult(fixture.Bus.Heard<GenerationCompleted>().Any(e => e.GenerationId == id)), "it is announced");
        Assert.Single(fixture.Bus.Heard<GenerationRequested>(), e => e.GenerationId == id);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/generations/{id}/preview")).StatusCode);
    }
}
