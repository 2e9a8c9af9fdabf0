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
    private static readonly string[] Titled = ["audio", "audio?format=mp3", "audio?format=opus", "audio?format=flac", "audio?format=wav",
        "midi", "score"];

    [Fact]
    public async Task Download_OfEveryFile_IsCalledLikeItsTrack()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(client, "Canción");
        (string Address, string Extension)[] files =
            [("audio", "mp3"), ("audio?format=wav", "wav"), ("midi", "mid"), ("score", "musicxml"), ("cover", "webp")];
        foreach (var (address, extension) in files)
        {
            using var answer = await client.GetAsync($"/api/generations/{id}/{address}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(
                $"inline; filename=\"Cancion.{extension}\"; filename*=UTF-8''Canci%C3%B3n.{extension}",
                answer.Content.Headers.NonValidated["Content-Disposition"].ToString());
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
        Assert.Contains("Una canción larguísima 🎵 <&>",
            XDocument.Parse(await client.GetStringAsync($"/api/generations/{id}/score")).Descendants("work-title").Select(t => t.Value));
        Assert.Equal("Una canción larguísima 🎵 <&>", MidiName(await client.GetByteArrayAsync($"/api/generations/{id}/midi")));
    }

    /// <summary>
    /// RFC 9110, 8.8.2 and 13.1: whoever holds a part of the old file must never be told that it goes on with the new one.
    /// </summary>
    [Fact]
    public async Task Validators_WhenARenameChangesTheBytes_ChangeWithThem()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(client, "First name");
        var before = new Dictionary<string, HttpResponseMessage>();
        foreach (var address in Titled)
            before[address] = await client.GetAsync($"/api/generations/{id}/{address}");

        // At once: a date has whole seconds, and must not be the same for two files of one second.
        await RenameAsync(client, id, "X");

        foreach (var address in Titled)
            await AssertFreshAsync(client, id, address, before[address]);
    }

    private static async Task AssertFreshAsync(HttpClient client, Guid id, string address, HttpResponseMessage before)
    {
        var date = before.Content.Headers.LastModified!.Value;
        using var after = await client.GetAsync($"/api/generations/{id}/{address}");
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
        Assert.True(after.Content.Headers.LastModified > date, $"{address}: {after.Content.Headers.LastModified} after {date}");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, id, address, r => r.Headers.IfModifiedSince = date));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, id, address, r => r.Headers.IfNoneMatch.Add(before.Headers.ETag!)));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await StatusAsync(client, id, address, r => r.Headers.IfUnmodifiedSince = date));
        foreach (var held in (RangeConditionHeaderValue[])[new(date), new(before.Headers.ETag!)])
        {
            using var resumed = await SendAsync(
                client, id, address, r => (r.Headers.Range, r.Headers.IfRange) = (new RangeHeaderValue(50, null), held));
            Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
            Assert.Equal(await after.Content.ReadAsByteArrayAsync(), await resumed.Content.ReadAsByteArrayAsync());
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Guid id, string address, Action<HttpRequestMessage> change)
    {
        using var answer = await SendAsync(client, id, address, change);
        return answer.StatusCode;
    }

    private static async Task<Guid> MakeAsync(HttpClient client, string title)
    {
        var order = await GenerationFixture.OrderAsync(
            client, new { prompt = "pop with:papers", title, provider = "test", durationSeconds = 10, seed = 1 });
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
