using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>The whole way from a prompt to bytes, with the real studio.</summary>
[Trait("Category", "Integration")]
public sealed class StudioTrackTests(StudioFixture fixture) : IClassFixture<StudioFixture>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Track_WhenCompleted_CanBeHeardInEveryFormatAndLength()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var accepted = await GenerationFixture.OrderAsync(client, new { prompt = "soft pop, 110 bpm", durationSeconds = 10, seed = 7 });
        var id = accepted["id"]!.GetValue<Guid>();
        Assert.Equal("queued", accepted["status"]!.GetValue<string>());
        Assert.Equal(7, accepted["seed"]!.GetValue<int>());
        Assert.True(accepted["quota"]!.AsObject().ContainsKey("remaining"));

        var done = await GenerationFixture.WhenAsync(client, id, "completed", Timeout);

        Assert.Equal("studio", done["provider"]!.GetValue<string>());
        Assert.Equal(110, done["plan"]!["tempo"]!.GetValue<double>());
        Assert.NotEmpty(done["plan"]!["form"]!.AsArray());
        Assert.StartsWith("studio-", done["plan"]!["engineVersion"]!.GetValue<string>(), StringComparison.Ordinal);
        using var anonymous = fixture.Service.Client();
        foreach (var format in (string[])["mp3", "opus", "flac", "wav"])
        {
            var url = done["files"]!.AsArray().Single(
                f => f!["kind"]!.GetValue<string>() == "audio" && f["format"]!.GetValue<string>() == format)!["url"]!.GetValue<string>();
            var file = Path.GetTempFileName();
            await File.WriteAllBytesAsync(file, await anonymous.GetByteArrayAsync(url));
            var seconds = await GenerationFixture.RunAsync(
                "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file);
            Assert.InRange(double.Parse(seconds, CultureInfo.InvariantCulture), 8, 12);
            var tags = await GenerationFixture.RunAsync(
                "ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags", "-of", "flat", file);
            Assert.Contains(id.ToString(), tags, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("AI_GENERATED", tags, StringComparison.OrdinalIgnoreCase);
            File.Delete(file);
        }

        await Eventually.PassesAsync(() =>
        {
            Assert.Contains(fixture.Bus.Heard<GenerationCompleted>(), e => e.GenerationId == id);
            Assert.Single(fixture.Bus.Heard<GenerationRequested>().Where(e => e.GenerationId == id).Select(e => e.EventId).Distinct());
        });
        var steps = await client.ReadEventsAsync($"/api/generations/{id}/events", "1").ToListAsync();
        var preview = JsonNode.Parse(steps.Single(step => step.Kind == "preview").Data)!["url"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(preview)).StatusCode);
    }

    [Fact]
    public async Task Track_WithTheSameSeed_HasTheSameSound()
    {
        using var client = fixture.Service.Client(fixture.Owner);
        var first = await fixture.PieceAsync();
        var again = await MakeAsync(client, StudioFixture.Piece);

        Assert.Equal(await SoundAsync(client, first), await SoundAsync(client, again));
        Assert.Equal(await client.GetByteArrayAsync($"/api/generations/{first}/midi"),
            await client.GetByteArrayAsync($"/api/generations/{again}/midi"));
    }

    [Fact]
    public async Task Track_WhenCompleted_HasPicturesPapersAndRelatives()
    {
        using var client = fixture.Service.Client(fixture.Owner);
        var id = await fixture.PieceAsync();

        var peaks = JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}/waveform?points=1000"))!;
        Assert.Equal(1000, peaks["peaks"]!.AsArray().Count);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"/api/generations/{id}/waveform?points=7")).StatusCode);
        Assert.Equal((1024, 1024), Size(await client.GetByteArrayAsync($"/api/generations/{id}/cover?size=1024&format=png")));
        Assert.Equal((1200, 630), Size(await client.GetByteArrayAsync($"/api/generations/{id}/cover?size=og&format=png")));
        var small = await client.GetByteArrayAsync($"/api/generations/{id}/cover?size=320");
        Assert.Equal("WEBP", System.Text.Encoding.ASCII.GetString(small, 8, 4));
        Assert.InRange(small.Length, 1000, 25_000);
        Assert.Equal("MThd", System.Text.Encoding.ASCII.GetString(await client.GetByteArrayAsync($"/api/generations/{id}/midi"), 0, 4));
        Assert.Equal("score-partwise", XDocument.Parse(await client.GetStringAsync($"/api/generations/{id}/score")).Root!.Name.LocalName);

        var suggestions = JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}/suggestions"))!["items"]!.AsArray();
        Assert.InRange(suggestions.Count, 3, 6);
        foreach (var suggestion in suggestions)
        {
            var made = await client.PostAsJsonAsync($"/api/generations/{id}/{suggestion!["action"]}", suggestion["body"]);
            Assert.True(
                made.StatusCode == HttpStatusCode.Accepted, $"{suggestion.ToJsonString()}: {await made.Content.ReadAsStringAsync()}");
            var body = JsonNode.Parse(await made.Content.ReadAsStringAsync())!;
            var one = body["items"] is JsonArray items ? items[1]! : body;
            Assert.Equal(id, one["parentId"]!.GetValue<Guid>());
            // That they can be made is tested elsewhere.
            foreach (var order in body["items"] as JsonArray ?? [body.DeepClone()])
                Assert.Equal(HttpStatusCode.OK, (await client.PostAsync($"/api/generations/{order!["id"]}/cancel", null)).StatusCode);
        }
    }

    [Fact]
    public async Task Stems_WhenTheyTakeLong_AreMadeWithoutTheRequest()
    {
        var user = fixture.Owner;
        using var client = fixture.Service.Client(user);
        var id = await fixture.PieceAsync();
        var refused = await client.GetAsync($"/api/generations/{id}/stems");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("stems-not-in-tier", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await fixture.Bus.PublishAsync(Pro(user));
        await Eventually.TrueAsync(
            async () => await fixture.ScalarAsync<bool>("SELECT stems FROM entitlements WHERE user_id = $1", user), "stems are allowed");
        await using var beside = await fixture.StartIdleAsync(new MovableClock(speed: 25));
        using var hasty = beside.Client(user);
        // What another worker holds that is at it.
        await fixture.ScalarAsync<int>(
            "INSERT INTO leases (name, owner, fence, until) VALUES ($1, 'another', nextval('lease_fences'), now() + interval '1 hour')", $"file/{id:N}/stems.zip");
        var late = await hasty.GetAsync($"/api/generations/{id}/stems");
        await fixture.ScalarAsync<int>("DELETE FROM leases WHERE name = $1", $"file/{id:N}/stems.zip");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.Equal("application/problem+json", late.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(late.Headers.RetryAfter);
        await Eventually.TrueAsync(
            async () => await fixture.ScalarAsync<long>("SELECT count(*) FROM track_files WHERE track_id = $1 AND kind = 'stems'",
                id) == 1, "they are made all the same", Timeout);
        using var stems = new ZipArchive(await hasty.GetStreamAsync($"/api/generations/{id}/stems"));
        Assert.True(stems.Entries.Count >= 2);
    }

    [Fact]
    public async Task Remix_WhenAKeyAndTempoAreAsked_KeepsTheCompositionInThem()
    {
        using var client = fixture.Service.Client(fixture.Owner);
        var id = await fixture.PieceAsync();

        var answer = await client.PostAsJsonAsync($"/api/generations/{id}/remix", new { tempo = 120, key = "C minor" });
        var remix = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!.GetValue<Guid>();
        var done = await GenerationFixture.WhenAsync(client, remix, "completed", Timeout);

        Assert.Equal(120, done["plan"]!["tempo"]!.GetValue<double>());
        Assert.Equal("C minor", done["plan"]!["key"]!.GetValue<string>());
        Assert.Equal("remix", done["kind"]!.GetValue<string>());
    }

    [Fact]
    public async Task Variations_WhenOneUnitIsLeft_AreNotMadeAtAll()
    {
        var user = Guid.CreateVersion7();
        using var owner = fixture.Service.Client(fixture.Owner);
        using var client = fixture.Service.Client(user);
        var id = await fixture.PieceAsync();
        (await owner.PatchAsJsonAsync($"/api/generations/{id}", new { visibility = "public" })).EnsureSuccessStatusCode();
        fixture.Billing.Limits[user] = 1;

        var answer = await client.PostAsync($"/api/generations/{id}/variations", null);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(0, fixture.Billing.Reserved(user));
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM tracks WHERE user_id = $1", user));
    }

    [Fact]
    public async Task Track_WhenWordsAreGiven_HasThemInTime()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(
            client, new
            {
                prompt = "pop",
                durationSeconds = 20,
                lyrics = "[Verse]\nWalking home along the river\nEvery light begins to shiver\n[Chorus]\nHold me now\nShow me how"
            });

        var view = JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}"))!;
        var address = view["files"]!.AsArray().Single(f => f!["kind"]!.GetValue<string>() == "lyrics")!["url"]!.GetValue<string>();
        using var anybody = fixture.Service.Client();
        var words = JsonNode.Parse(await anybody.GetStringAsync(address))!["words"]!.AsArray();

        Assert.NotEmpty(words);
        Assert.False(view["instrumental"]!.GetValue<bool>());
        var starts = words.Select(w => w!["startSeconds"]!.GetValue<double>()).ToList();
        Assert.Equal(starts.Order(), starts);
        Assert.All(starts, s => Assert.InRange(s, 0, 32));
    }

    /// <summary>
    /// What made the voice's program crash: it gets little at a time, and what it cannot read ends in words that its owner understands.
    /// </summary>
    [Fact]
    public async Task Track_WhenItsLyricsAreMonstrous_IsMadeOrFailsClearly()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        string[] monsters = [Repeat("la", 2500), Repeat("x", 5000), Repeat("aeiou", 1000), Repeat("é", 2500), Repeat("[Verse]", 700),
            Repeat("1234567890", 500), Repeat("🎵", 2500)];
        var made = new List<Guid>();
        foreach (var lyrics in monsters)
            made.Add((await GenerationFixture.OrderAsync(client, new { prompt = "pop", durationSeconds = 10, lyrics, instrumental = false }))["id"]!.GetValue<Guid>());

        foreach (var id in made)
        {
            var ended = await Eventually.GetAsync(
                async () =>
                {
                    var view = JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}"))!;
                    return view["status"]!.GetValue<string>() is "completed" or "failed" ? view : null;
                },
                "it ends",
                Timeout);
            Assert.True(ended["status"]!.GetValue<string>() == "completed"
                || ended["reason"]!.GetValue<string>().Contains("change the request", StringComparison.Ordinal), ended.ToJsonString());
            Assert.Equal(1, await fixture.ScalarAsync<int>("SELECT attempts FROM tracks WHERE id = $1", id));
        }

        // And the worker goes on.
        Assert.Equal(0,
            await fixture.ScalarAsync<long>("SELECT count(*) FROM tracks WHERE id = ANY($1) AND lease_token IS NOT NULL", made.ToArray()));

        static string Repeat(string word, int times) => string.Concat(Enumerable.Repeat(word, times));
    }

    private static async Task<Guid> MakeAsync(HttpClient client, object body)
    {
        var id = (await GenerationFixture.OrderAsync(client, body))["id"]!.GetValue<Guid>();
        await GenerationFixture.WhenAsync(client, id, "completed", Timeout);
        return id;
    }

    private static async Task<string> SoundAsync(HttpClient client, Guid id)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, await client.GetByteArrayAsync($"/api/generations/{id}/audio?format=flac"));
        var sum = await GenerationFixture.RunAsync("ffmpeg", "-v", "error", "-i", file, "-f", "md5", "-");
        File.Delete(file);
        return sum;
    }

    private static (int Width, int Height) Size(byte[] png) =>
        (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)),
            System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));

    private static EntitlementChanged Pro(Guid user) => new()
    {
        EventId = Guid.CreateVersion7(),
        Sequence = 1,
        UserId = user,
        Tier = Tier.Pro,
        Allowance = Allowance.Paid,
        Limit = 200,
        Qualities = [Quality.Standard, Quality.High, Quality.Ultra],
        Stems = true,
        ApiKeys = true,
    };
}
