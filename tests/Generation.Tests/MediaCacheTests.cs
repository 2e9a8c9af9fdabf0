using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>A replica that keeps what it read of finished tracks for an hour: only being told makes it forget.</summary>
public sealed class ForgetfulFixture : GenerationFixture
{
    internal ServiceHost<Program> Other { get; private set; } = null!;

    protected override Task PrepareAsync(Dictionary<string, string?> settings)
    {
        settings["Media:CacheSeconds"] = "3600";
        return Task.CompletedTask;
    }

    protected override async Task StartedAsync() => Other = await StartIdleAsync();

    protected override async Task CleanUpAsync() => await Other.DisposeAsync();
}

/// <summary>Ranges of a file are served from memory, and never to those who may not hear it any more.</summary>
[Trait("Category", "Integration")]
public sealed class MediaCacheTests(ForgetfulFixture fixture) : IClassFixture<ForgetfulFixture>
{
    /// <summary>How long PostgreSQL may take to tell another process; far less than the hour.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Audio_WhenItIsAskedForRangeByRange_IsReadFromTheDatabaseOnce()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakePublicAsync(owner);
        using var anybody = fixture.Other.Client();
        var whole = await anybody.GetByteArrayAsync($"/api/generations/{id}/audio");
        using var calls = new SqlCalls();

        for (var from = 0; from < 10; from++)
        {
            using var request = calls.Request(HttpMethod.Get, $"/api/generations/{id}/audio");
            request.Headers.Range = new RangeHeaderValue(from * 100, (from * 100) + 99);
            using var part = await anybody.SendAsync(request);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(whole[(from * 100)..((from * 100) + 100)], await part.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(0, calls.Statements);
    }

    [Theory]
    [InlineData("private")]
    [InlineData("hidden")]
    [InlineData("deleted")]
    public async Task Audio_WhenItIsTakenOutOfHearing_IsServedByNoReplicaAnyMore(string how)
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakePublicAsync(owner);
        using var here = fixture.Service.Client();
        using var there = fixture.Other.Client();
        foreach (var listener in (HttpClient[])[here, there, here, there])
            Assert.Equal(HttpStatusCode.OK, (await listener.GetAsync($"/api/generations/{id}/audio")).StatusCode);

        if (how == "hidden")
            await fixture.Bus.PublishAsync(new ModerateTrack { GenerationId = id, Hidden = true, Reason = "spam" });
        else
            (await (how == "deleted" ? owner.DeleteAsync($"/api/generations/{id}") : owner.PatchAsJsonAsync($"/api/generations/{id}", new { visibility = "private" }))).EnsureSuccessStatusCode();

        // Where it was changed: with the answer. Elsewhere: as soon as the database tells.
        if (how != "hidden")
            Assert.Equal(HttpStatusCode.Unauthorized, (await here.GetAsync($"/api/generations/{id}/audio")).StatusCode);
        foreach (var listener in (HttpClient[])[here, there])
            await Eventually.TrueAsync(
                async () =>
                (await listener.GetAsync($"/api/generations/{id}/audio")).StatusCode == HttpStatusCode.Unauthorized, "it is heard no more", Soon);
    }

    [Fact]
    public async Task Audio_WhenItIsRenamed_IsTheNewOneAtEveryReplica()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakePublicAsync(owner);
        using var there = fixture.Other.Client();
        var old = (await there.GetAsync($"/api/generations/{id}/audio")).Headers.ETag;

        (await owner.PatchAsJsonAsync($"/api/generations/{id}", new { title = "Another" })).EnsureSuccessStatusCode();

        var fresh = (await owner.GetAsync($"/api/generations/{id}/audio")).Headers.ETag;
        Assert.NotEqual(old, fresh);
        await Eventually.TrueAsync(
            async () => Equals((await there.GetAsync($"/api/generations/{id}/audio")).Headers.ETag, fresh), "it is the new one", Soon);
    }

    private static async Task<Guid> MakePublicAsync(HttpClient owner)
    {
        var id = await GenerationFixture.OrderAsync(owner);
        await GenerationFixture.WhenAsync(owner, id, "completed");
        (await owner.PatchAsJsonAsync($"/api/generations/{id}", new { visibility = "public" })).EnsureSuccessStatusCode();
        return id;
    }
}
