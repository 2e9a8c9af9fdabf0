using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Downloads;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>Zips: of some tracks, and of everything.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class DownloadTests(GenerationFixture fixture)
{
    [Fact]
    public async Task Download_OfTracksWithOneTitle_HoldsThemAll()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        using var other = fixture.Service.Client(Guid.CreateVersion7());
        using var anybody = fixture.Service.Client();
        var ids = new List<Guid> { await MakeAsync(client, "Canción / 1"), await MakeAsync(client, "Canción / 1") };

        var answer = await client.PostAsJsonAsync("/api/downloads", new { ids, format = "opus" });
        var place = answer.Headers.Location!.ToString();
        var ready = await ReadyAsync(client, place);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(100, ready["progress"]!.GetValue<int>());
        using var file = await anybody.GetAsync(ready["url"]!.GetValue<string>());
        Assert.StartsWith("attachment; filename=\"Son1kVers3 tracks.zip\"", file.Content.Headers.GetValues("Content-Disposition").Single(),
            StringComparison.Ordinal);
        using var zip = new ZipArchive(await file.Content.ReadAsStreamAsync());
        Assert.Equal(["Canción - 1 (2).opus", "Canción - 1.opus"], zip.Entries.Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.All(zip.Entries, e => Assert.True(e.Length > 1000));
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(place)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.GetAsync($"{place}/file")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(place)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"{place}/file")).StatusCode);
    }

    [Fact]
    public async Task Download_OfWhatIsNotOnesOwn_IsRefused()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var foreign = await MakeAsync(owner, "a");

        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsJsonAsync("/api/downloads", new { ids = new[] { foreign } })).StatusCode);
        foreach (var body in (object[])[new { }, new { ids = Array.Empty<Guid>() }, new { ids = new[] { foreign }, format = "exe" }, new { ids = Enumerable.Range(0, 101).Select(_ => Guid.NewGuid()) }])
            Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync("/api/downloads", body)).StatusCode);
    }

    [Fact]
    public async Task Download_WhenItsTimeIsOver_IsGone()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var answer = await client.PostAsJsonAsync("/api/downloads", new { ids = new[] { await MakeAsync(client, "a") } });
        var place = answer.Headers.Location!.ToString();
        var url = (await ReadyAsync(client, place))["url"]!.GetValue<string>();
        await fixture.ScalarAsync<int>(
            "UPDATE downloads SET expires_at = now() - interval '1 second' WHERE id = $1", Guid.Parse(place.Split('/')[^1]));

        await fixture.Service.Services.GetRequiredService<DownloadSweeper>().SweepAsync(CancellationToken.None);

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(place)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(url)).StatusCode);
        Assert.False(Directory.Exists(Path.Combine(fixture.MediaFolder, "store", "downloads"))
            && Directory.EnumerateFiles(
                Path.Combine(fixture.MediaFolder, "store", "downloads"), $"{place.Split('/')[^1]}*", SearchOption.AllDirectories).Any());
    }

    [Fact]
    public async Task Export_WhenAllServicesToldTheirPart_HoldsEverythingAndIsAnnounced()
    {
        var (user, export) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var client = fixture.Service.Client(user);
        await MakeAsync(client, "Mine");

        // In any order, and twice.
        await PartAsync(export, user, "profile", 1, last: true, """[{"n":2}]""");
        await PartAsync(export, user, "profile", 0, last: false, """[{"n":1}]""");
        await PartAsync(export, user, "profile", 0, last: false, """[{"n":1}]""");
        await fixture.Bus.PublishAsync(
            new ExportRequested { EventId = Guid.CreateVersion7(), Sequence = 1, ExportId = export, UserId = user });
        await PartAsync(export, user, "pool", 0, last: true, "[]");
        await Eventually.TrueAsync(
            async () =>
            await fixture.ScalarAsync<long>("SELECT count(*) FROM export_parts WHERE export_id = $1", export) == 3, "the parts are there");
        Assert.Equal("queued", JsonNode.Parse(await client.GetStringAsync($"/api/downloads/{export}"))!["status"]!.GetValue<string>());
        await PartAsync(export, user, "billing", 0, last: true, """[{"invoice":"in_1"}]""");

        var ready = await ReadyAsync(client, $"/api/downloads/{export}");

        using var zip = new ZipArchive(await client.GetStreamAsync(ready["url"]!.GetValue<string>()));
        Assert.Equal(["billing.json", "export.json", "generation.json", "pool.json", "profile.json", "tracks/Mine.json", "tracks/Mine.mp3"],
            zip.Entries.Select(e => e.FullName).Order(StringComparer.Ordinal));
        using var profile = new StreamReader(zip.GetEntry("profile.json")!.Open());
        Assert.Equal([1, 2], JsonNode.Parse(await profile.ReadToEndAsync())!.AsArray().Select(i => i!["n"]!.GetValue<int>()));
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Bus.Heard<ExportReady>()
            .Any(e => e.ExportId == export && e.UserId == user && e.Bytes > 0)), "it is announced");
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM export_parts WHERE export_id = $1", export));
    }

    private Task PartAsync(Guid export, Guid user, string service, int index, bool last, string json) =>
        fixture.Bus.PublishAsync(
            new ExportPart { ExportId = export, UserId = user, Service = service, Index = index, Last = last, Json = json });

    private static async Task<Guid> MakeAsync(HttpClient client, string title)
    {
        var id = (
            await GenerationFixture.OrderAsync(
            client, new { prompt = "a tone", title, provider = "test", durationSeconds = 10 }))["id"]!.GetValue<Guid>();
        await GenerationFixture.WhenAsync(client, id, "completed");
        return id;
    }

    private static Task<JsonNode> ReadyAsync(HttpClient client, string place) => Eventually.GetAsync(
        async () => JsonNode.Parse(
            await client.GetStringAsync(place)) is { } view && view["status"]!.GetValue<string>() == "ready" ? view : null, "it is ready");
}
