using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Measures;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>What others draw, compare and play a track from.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class AnnouncementTests(GenerationFixture fixture)
{
    [Fact]
    public async Task Completed_WhenAnnounced_CarriesPalettePeaksAndFeatures()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(client);

        var told = await ToldAsync(id, 1);

        Assert.Equal(5, told[0].Palette.Count);
        Assert.All(told[0].Palette, colour => Assert.Matches("^#[0-9A-F]{6}$", colour));
        Assert.Equal(64, told[0].Peaks.Count);
        Assert.Equal(100, told[0].Peaks.Max());
        Assert.All(told[0].Peaks, peak => Assert.InRange(peak, 0, 100));
        Assert.Equal(TrackFeatures.Count, told[0].Features.Count);
        Assert.Equal("test", told[0].Provider);
    }

    [Fact]
    public async Task Tracks_WhenTheyWereMadeBeforeTheyWereMeasured_AreAnnouncedAnewOnce()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var (id, archived, lost) = (await MakeAsync(client), await MakeAsync(client), await MakeAsync(client));
        await fixture.ArchiveAsync(archived);
        foreach (var each in (Guid[])[id, archived, lost])
            await ToldAsync(each, 1);
        await fixture.ScalarAsync<int>("DELETE FROM track_files WHERE track_id = $1 AND kind = 'master'", lost);
        await fixture.ScalarAsync<int>(
            "UPDATE tracks SET palette = '{}', peaks = '{}', features = '{}', measures_version = 0 WHERE id = ANY($1)", (
            Guid[])[id, archived, lost]);
        var worker = fixture.Service.Services.GetRequiredService<MeasureWorker>();

        // Two replicas at once, and again.
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            while (await worker.MeasureNextAsync(CancellationToken.None))
            {
            }
        }));

        foreach (var each in (Guid[])[id, archived, lost])
        {
            var told = await ToldAsync(each, 2);
            Assert.Equal(2, told.Count);
            Assert.Equal(told[0].Sequence, told[1].Sequence);
            Assert.NotEqual(told[0].EventId, told[1].EventId);
            Assert.Equal(each == lost ? 0 : 64, told[1].Peaks.Count);
        }

        Assert.Equal(
            3, await fixture.ScalarAsync<long>("SELECT count(*) FROM tracks WHERE id = ANY($1) AND measures_version = $2",
            (Guid[])[id, archived, lost], TrackMeasurer.Version));
    }

    [Fact]
    public async Task PlainAddresses_OfWhatEverybodyMayHear_NeedNoSignIn()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        using var anybody = fixture.Service.Client();
        var id = await MakeAsync(owner);
        string[] paths = ["", "/audio", "/cover?size=320", "/waveform"];
        foreach (var path in paths)
            Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.GetAsync($"/api/generations/{id}{path}")).StatusCode);

        (await owner.PatchAsJsonAsync($"/api/generations/{id}", new { visibility = "unlisted" })).EnsureSuccessStatusCode();

        foreach (var path in paths)
            Assert.Equal(HttpStatusCode.OK, (await anybody.GetAsync($"/api/generations/{id}{path}")).StatusCode);
        var view = JsonNode.Parse(await anybody.GetStringAsync($"/api/generations/{id}"))!;
        Assert.Null(view["prompt"]);
        Assert.Empty(view["files"]!.AsArray());
        var cover = await anybody.GetAsync($"/api/generations/{id}/cover?size=320");
        Assert.Equal("image/webp", cover.Content.Headers.ContentType?.MediaType);
        Assert.InRange(cover.Content.Headers.ContentLength!.Value, 1, 25_000);
    }

    [Fact]
    public async Task Media_OfManyIds_IsSignedInOneRequestForOwnTracksAlone()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        using var other = fixture.Service.Client(Guid.CreateVersion7());
        using var anybody = fixture.Service.Client();
        var (first, second, foreign) = (await MakeAsync(owner), await MakeAsync(owner), await MakeAsync(other));

        var items = JsonNode.Parse(
            await owner.GetStringAsync($"/api/media?ids={second},{foreign},{first},{Guid.NewGuid()}"))!["items"]!.AsArray();

        Assert.Equal([second, first], items.Select(i => i!["id"]!.GetValue<Guid>()));
        foreach (var kind in (string[])["audio", "cover", "waveform"])
            Assert.Equal(HttpStatusCode.OK, (await anybody.GetAsync(items[0]![kind]!.GetValue<string>())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await anybody.GetAsync(items[0]!["cover"]!.GetValue<string>() + "&size=96")).StatusCode);
        foreach (var bad in (string[])["", "ids=", "ids=x", $"ids={string.Join(',', Enumerable.Range(0, 101).Select(_ => Guid.NewGuid()))}"])
            Assert.Equal(HttpStatusCode.BadRequest, (await owner.GetAsync($"/api/media?{bad}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.GetAsync($"/api/media?ids={first}")).StatusCode);
    }

    private async Task<IReadOnlyList<GenerationCompleted>> ToldAsync(Guid id, int times)
    {
        IReadOnlyList<GenerationCompleted> told = [];
        await Eventually.TrueAsync(
            () => Task.FromResult((told = [.. fixture.Bus.Heard<GenerationCompleted>().Where(e => e.GenerationId == id)
                .DistinctBy(e => e.EventId)]).Count >= times), "it is announced");
        return told;
    }

    private static async Task<Guid> MakeAsync(HttpClient client)
    {
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        return id;
    }
}
