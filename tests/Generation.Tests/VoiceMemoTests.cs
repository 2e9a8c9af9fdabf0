using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>Humming in, notes out; and what is no humming.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class VoiceMemoTests(GenerationFixture fixture)
{
    private static readonly string[] Scale = ["220", "246.94", "261.63", "293.66", "329.63"];

    [Theory]
    [InlineData("wav")]
    [InlineData("mp3")]
    [InlineData("ogg")]
    [InlineData("webm")]
    [InlineData("m4a")]
    [InlineData("flac")]
    public async Task Memo_WhenAMelodyIsHummed_IsItsNotes(string format)
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var file = await HumAsync(format);

        var answer = await UploadAsync(client, await File.ReadAllBytesAsync(file), $"memo.{format}");

        var memo = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.True(answer.StatusCode == HttpStatusCode.Created, memo.ToJsonString());
        Assert.Equal([57, 59, 60, 62, 64], memo["notes"]!.AsArray().Select(n => n!["pitch"]!.GetValue<int>()));
        var seen = JsonNode.Parse(await client.GetStringAsync(answer.Headers.Location!.ToString()))!;
        Assert.Equal(memo["key"]!.GetValue<string>(), seen["key"]!.GetValue<string>());
        Assert.Equal("MThd", System.Text.Encoding.ASCII.GetString(await client.GetByteArrayAsync($"{answer.Headers.Location}/midi"), 0, 4));
        using var other = fixture.Service.Client(Guid.CreateVersion7());
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(answer.Headers.Location)).StatusCode);
    }

    [Fact]
    public async Task Memo_WhenUsedInAGeneration_IsItsOwnersAlone()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        using var other = fixture.Service.Client(Guid.CreateVersion7());
        var made = await UploadAsync(client, await File.ReadAllBytesAsync(await HumAsync("wav")), "memo.wav");
        var memo = JsonNode.Parse(await made.Content.ReadAsStringAsync())!["id"]!.GetValue<Guid>();

        var accepted = await GenerationFixture.OrderAsync(
            client, new { prompt = "a", provider = "test", durationSeconds = 10, voiceMemoId = memo });

        Assert.Equal(memo, accepted["voiceMemoId"]!.GetValue<Guid>());
        var stolen = await other.PostAsync("/api/generations", new StringContent($$"""{"prompt":"a","voiceMemoId":"{{memo}}"}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, stolen.StatusCode);
    }

    [Fact]
    public async Task Upload_WhenSentAgainUnderItsKey_IsTheSameMemoWhateverTheBoundary()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        client.DefaultRequestHeaders.Add("Idempotency-Key", "hum");
        var bytes = await File.ReadAllBytesAsync(await HumAsync("wav"));

        var first = await UploadAsync(client, bytes, "memo.wav");
        var again = await UploadAsync(client, bytes, "memo.wav");
        var other = await UploadAsync(client, [.. bytes, 0, 0], "memo.wav");

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Fact]
    public async Task Upload_WhenHostile_Is400InBoundedTime()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var hours = Path.Combine(TestRun.CreateFolder("memo"), "hours.flac");
        await GenerationFixture.RunAsync("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=10800", hours);
        var silence = Path.Combine(Path.GetDirectoryName(hours)!, "silence.wav");
        await GenerationFixture.RunAsync("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=3", silence);
        (byte[] Bytes, string Slug)[] uploads =
        [
            ([], "audio-empty"),
            ("just text"u8.ToArray(), "audio-unreadable"),
            ([0x50, 0x4B, 3, 4, .. new byte[1_000_000]], "audio-unreadable"),
            ("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"u8.ToArray(), "audio-unreadable"),
            ([.. "RIFF"u8, 0xFF, 0xFF, 0xFF, 0x7F, .. "WAVEfmt "u8, .. new byte[500]], "audio-"),
            (await File.ReadAllBytesAsync(hours), "audio-too-long"),
            (await File.ReadAllBytesAsync(silence), "no-melody"),
        ];

        foreach (var (bytes, slug) in uploads)
        {
            var answer = await UploadAsync(client, bytes, "memo.wav");
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{slug}: {(int)answer.StatusCode} {text}");
            Assert.Contains($"/{slug}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Upload_WhenTheFormIsWrong_Is4xx()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());

        var large = await UploadAsync(client, new byte[20_050_000], "memo.wav");
        // Within what the gateway lets through: it must be read to be told.
        var larger = await UploadAsync(client, new byte[20_800_000], "memo.wav");
        var two = await client.PostAsync(
            "/api/voice-memos", new MultipartFormDataContent { { new ByteArrayContent([1]), "audio", "a.wav" },
            { new ByteArrayContent([1]), "audio", "b.wav" } });
        var field = await client.PostAsync(
            "/api/voice-memos", new MultipartFormDataContent { { new ByteArrayContent([1]), "file", "a.wav" } });
        var json = await client.PostAsync("/api/voice-memos", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        var broken = new StringContent("no boundary here");
        broken.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        var malformed = await client.PostAsync("/api/voice-memos", broken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, larger.StatusCode);
        Assert.Contains("/validation", await two.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, field.StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
    }

    [Fact]
    public async Task Upload_WhenSentAgain_IsKnown()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var wav = await HumAsync("wav", repeat: 4);
        var first = JsonNode.Parse(
            await (await UploadAsync(client, await File.ReadAllBytesAsync(wav), "a.wav")).Content.ReadAsStringAsync())!;

        // More than are compared by their sound lie between.
        await fixture.ScalarAsync<int>(
            """
            INSERT INTO voice_memos (id, user_id, notes, key, tempo, duration_seconds, fingerprint, created_at)
            SELECT ('f' || substr(gen_random_uuid()::text, 2))::uuid, user_id, notes, key, tempo, duration_seconds, decode(repeat('00', length(fingerprint)), 'hex'), created_at
            FROM voice_memos, generate_series(1, 300) WHERE id = $1
            """,
            first["id"]!.GetValue<Guid>());

        var again = JsonNode.Parse(
            await (await UploadAsync(client, await File.ReadAllBytesAsync(wav), "b.wav")).Content.ReadAsStringAsync())!;

        Assert.Equal(first["id"]!.GetValue<Guid>(), again["duplicateOf"]!.GetValue<Guid>());
    }

    private static Task<HttpResponseMessage> UploadAsync(HttpClient client, byte[] bytes, string name) =>
        client.PostAsync("/api/voice-memos", new MultipartFormDataContent { { new ByteArrayContent(bytes), "audio", name } });

    /// <summary>Five notes of half a second with harmonics, parted by short rests.</summary>
    private static async Task<string> HumAsync(string format, int repeat = 1)
    {
        var notes = Enumerable.Repeat(Scale, repeat).SelectMany(n => n).ToList();
        var graph = string.Concat(notes.Select((f, i) =>
            $"aevalsrc=0.5*sin(2*PI*{f}*t)+0.2*sin(4*PI*{f}*t)+0.1*sin(6*PI*{f}*t):d=0.5:s=44100,afade=d=0.03,afade=out:st=0.45:d=0.05,apad=pad_dur=0.08[n{i}];"))
            + string.Concat(notes.Select((_, i) => $"[n{i}]")) + $"concat=n={notes.Count}:v=0:a=1";
        var file = Path.Combine(TestRun.CreateFolder("hum"), $"hum.{format}");
        await GenerationFixture.RunAsync("ffmpeg", "-v", "error", "-filter_complex", graph, file);
        return file;
    }
}
