using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Xml.Linq;

namespace Son1kVers3.Generation.Tests;

/// <summary>A track's name in its files, in their headers, and what a rename does to those who hold the old ones.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class TrackNameTests(GenerationFixture fixture)
{
    /// <summary>Every address whose bytes have the title in them.</summary>
    private static readonly string[] Titled = ["audio", "audio?format=mp3", "audio?format=opus", "audio?format=flac", "audio?format=wav", "midi", "score"];

    public static TheoryData<string> TitledAddresses => [.. Titled];

    /// <summary>Title, and the header that browsers of all ages read (RFC 6266, RFC 8187).</summary>
    public static TheoryData<string, string> Dispositions => new()
    {
        { "Techno", "inline; filename=\"Techno.EXT\"" },
        { "Canción", "inline; filename=\"Cancion.EXT\"; filename*=UTF-8''Canci%C3%B3n.EXT" },
        { "Ñandú & Söhne", "inline; filename=\"Nandu & Sohne.EXT\"; filename*=UTF-8''%C3%91and%C3%BA%20%26%20S%C3%B6hne.EXT" },
        { "夜の歌", "inline; filename=\"track.EXT\"; filename*=UTF-8''%E5%A4%9C%E3%81%AE%E6%AD%8C.EXT" },
        { "🎵", "inline; filename=\"track.EXT\"; filename*=UTF-8''%F0%9F%8E%B5.EXT" },
        { "a\"b;c", "inline; filename=\"a-bc.EXT\"; filename*=UTF-8''a-b%3Bc.EXT" },
        { "100% mine", "inline; filename=\"100 mine.EXT\"; filename*=UTF-8''100%25%20mine.EXT" },
        { "../../etc/passwd", "inline; filename=\"etc-passwd.EXT\"" },
        { "...", "inline; filename=\"track.EXT\"" },
    };

    [Theory]
    [MemberData(nameof(Dispositions))]
    public async Task Download_OfATrack_IsCalledLikeIt(string title, string disposition)
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(client, title);

        foreach (var (address, extension) in ((string, string)[])[("audio", "mp3"), ("audio?format=wav", "wav"), ("midi", "mid"), ("score", "musicxml"), ("cover", "webp")])
        {
            using var answer = await client.GetAsync($"/api/generations/{id}/{address}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var sent = answer.Content.Headers.NonValidated["Content-Disposition"].ToString();
            Assert.Equal(disposition.Replace("EXT", extension, StringComparison.Ordinal), sent);
        }
    }

    [Fact]
    public async Task Rename_OfATrack_IsFollowedByEveryFile()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(client, "Oldname");
        foreach (var address in Titled)
            Assert.Contains("Oldname", await TextAsync(client, id, address), StringComparison.Ordinal);

        await RenameAsync(client, id, "Newname");

        foreach (var address in Titled)
        {
            var text = await TextAsync(client, id, address);
            Assert.Contains("Newname", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Oldname", text, StringComparison.Ordinal);
        }

        // A longer one in other letters: lengths and encodings are right, too.
        await RenameAsync(client, id, "Una canción larguísima 🎵 <&>");
        Assert.Contains("Una canción larguísima 🎵 <&>", XDocument.Parse(await client.GetStringAsync($"/api/generations/{id}/score")).Descendants("work-title").Select(t => t.Value));
        Assert.Equal("Una canción larguísima 🎵 <&>", MidiName(await client.GetByteArrayAsync($"/api/generations/{id}/midi")));
    }

    /// <summary>RFC 9110, 8.8.2 and 13.1: whoever holds a part of the old file must never be told that it goes on with the new one.</summary>
    [Theory]
    [MemberData(nameof(TitledAddresses))]
    public async Task Validators_WhenARenameChangesTheBytes_ChangeWithThem(string address)
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(client, "First name");
        using var before = await client.GetAsync($"/api/generations/{id}/{address}");
        var date = before.Content.Headers.LastModified!.Value;

        // At once: a date has whole seconds, and must not be the same for two files of one second.
        await RenameAsync(client, id, "X");
        using var after = await client.GetAsync($"/api/generations/{id}/{address}");

        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
        Assert.True(after.Content.Headers.LastModified > date, $"{after.Content.Headers.LastModified} after {date}");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(client, id, address, r => r.Headers.IfModifiedSince = date)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(client, id, address, r => r.Headers.IfNoneMatch.Add(before.Headers.ETag!))).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(client, id, address, r => r.Headers.IfUnmodifiedSince = date)).StatusCode);
        foreach (var held in (RangeConditionHeaderValue[])[new(date), new(before.Headers.ETag!)])
        {
            using var resumed = await SendAsync(client, id, address, r => (r.Headers.Range, r.Headers.IfRange) = (new RangeHeaderValue(50, null), held));
            Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
            Assert.Equal(await after.Content.ReadAsByteArrayAsync(), await resumed.Content.ReadAsByteArrayAsync());
        }
    }

    private static async Task<Guid> MakeAsync(HttpClient client, string title)
    {
        var order = await GenerationFixture.OrderAsync(client, new { prompt = "pop with:papers", title, provider = "test", durationSeconds = 10, seed = 1 });
        var id = order["id"]!.GetValue<Guid>();
        await GenerationFixture.WhenAsync(client, id, "completed");
        return id;
    }

    private static async Task RenameAsync(HttpClient client, Guid id, string title) =>
        (await client.PatchAsJsonAsync($"/api/generations/{id}", new { title })).EnsureSuccessStatusCode();

    private static async Task<string> TextAsync(HttpClient client, Guid id, string address) =>
        Encoding.Latin1.GetString(await client.GetByteArrayAsync($"/api/generations/{id}/{address}"));

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, Guid id, string address, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/generations/{id}/{address}");
        change(request);
        return await client.SendAsync(request);
    }

    /// <summary>The first track's name, which is the piece's.</summary>
    private static string MidiName(byte[] midi)
    {
        var at = midi.AsSpan().IndexOf<byte>([0xFF, 0x03]);
        return Encoding.UTF8.GetString(midi, at + 3, midi[at + 2]);
    }
}
