using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>What other services tell and ask.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class CommunityTests(GenerationFixture fixture)
{
    [Fact]
    public async Task Track_WhileInThePool_IsPlayedByEveryone()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        using var anybody = fixture.Service.Client();
        var id = await GenerationFixture.OrderAsync(owner);
        await GenerationFixture.WhenAsync(owner, id, "completed");
        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.GetAsync($"/api/generations/{id}/audio")).StatusCode);

        await fixture.Bus.PublishAsync(new TrackContributed
        {
            EventId = Guid.CreateVersion7(),
            Sequence = 1,
            GenerationId = id,
            UserId = Guid.CreateVersion7(),
            Automatic = true,
            Points = 1,
        });
        await Eventually.TrueAsync(
            async () => (await anybody.GetAsync($"/api/generations/{id}/audio")).IsSuccessStatusCode, "everyone hears it");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Track_WhenSwapped_LeavesTheOtherToItsOwnerAgain(bool newsOvertakeEachOther)
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        using var anybody = fixture.Service.Client();
        var (old, fresh) = (await GenerationFixture.OrderAsync(owner), await GenerationFixture.OrderAsync(owner));
        await GenerationFixture.WhenAsync(owner, old, "completed");
        await GenerationFixture.WhenAsync(owner, fresh, "completed");
        Task<HttpResponseMessage> HearAsync(Guid id) => anybody.GetAsync($"/api/generations/{id}/audio");
        var contributed = new TrackContributed
        {
            EventId = Guid.CreateVersion7(),
            Sequence = 1,
            GenerationId = old,
            UserId = Guid.CreateVersion7(),
            Automatic = true,
            Points = 1,
        };
        var swapped = new TrackSwapped
        {
            EventId = Guid.CreateVersion7(),
            Sequence = 2,
            Points = 1,
            UserId = contributed.UserId,
            OldGenerationId = old,
            NewGenerationId = fresh
        };

        if (newsOvertakeEachOther)
        {
            await fixture.Bus.PublishAsync(swapped);
            await Eventually.TrueAsync(async () => (await HearAsync(fresh)).IsSuccessStatusCode, "everyone hears the new one");
            await fixture.Bus.PublishAsync(contributed);
            await Eventually.TrueAsync(
                async () => await fixture.ScalarAsync<long>(
                "SELECT count(*) FROM inbox WHERE message_id = $1", contributed.EventId) == 1, "the late one was consumed");
        }
        else
        {
            await fixture.Bus.PublishAsync(contributed);
            await Eventually.TrueAsync(async () => (await HearAsync(old)).IsSuccessStatusCode, "everyone hears it");
            await fixture.Bus.PublishAsync(swapped);
            await Eventually.TrueAsync(async () => (await HearAsync(fresh)).IsSuccessStatusCode, "everyone hears the new one");
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await HearAsync(old)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await HearAsync(fresh)).StatusCode);
    }

    [Fact]
    public async Task Account_WhenDeleted_TakesItsTracksAndJobsAlong()
    {
        var user = Guid.CreateVersion7();
        using var client = fixture.Service.Client(user);
        var done = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, done, "completed");
        var running = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, running, "rendering");

        await fixture.Bus.PublishAsync(new UserDeleted { EventId = Guid.CreateVersion7(), Sequence = 9, UserId = user });

        await Eventually.TrueAsync(
            async () => (await client.GetAsync($"/api/generations/{done}")).StatusCode == HttpStatusCode.NotFound, "the track is gone");
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/generations/{running}")).StatusCode);
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Provider.Stopped.Contains(running)), "the job stopped");
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Billing.IsReleased(running)), "the unit is released");
        Assert.Equal(
            0, await fixture.ScalarAsync<long>("SELECT count(*) FROM tracks WHERE user_id = $1 AND request->>'prompt' <> ''", user));
    }

    [Fact]
    public async Task Account_WhenDeleted_LeavesOnlyItsTombstones_WhateverIsToldLater()
    {
        var user = Guid.CreateVersion7();
        using var client = fixture.Service.Client(user);
        var request = new { prompt = $"a secret of {user}", title = "Kept", provider = "test", durationSeconds = 10 };
        var kept = (Guid)(await GenerationFixture.OrderAsync(client, request))["id"]!;
        await GenerationFixture.WhenAsync(client, kept, "completed");
        await TellAsync(Contributed(kept, user));
        var zip = await client.PostAsJsonAsync("/api/downloads", new { ids = new[] { kept } });
        await Eventually.TrueAsync(
            async () => (string?)(await client.GetFromJsonAsync<JsonNode>(zip.Headers.Location))!["status"] == "ready", "the zip is ready");
        var export = Guid.CreateVersion7();
        var deleted = new UserDeleted { EventId = Guid.CreateVersion7(), Sequence = 9, UserId = user };

        await TellAsync(deleted);
        await TellAsync(
            new EntitlementChanged
            {
                EventId = Guid.CreateVersion7(),
                Sequence = 9,
                UserId = user,
                Tier = Tier.Free,
                Allowance = Allowance.Free,
                Limit = 3,
                Qualities = [Quality.Standard],
                Stems = false,
                ApiKeys = false,
            },
            new TrackClaimed
            {
                EventId = Guid.CreateVersion7(),
                Sequence = 1,
                GenerationId = Guid.CreateVersion7(),
                ClaimedBy = user,
                ContributedBy = Guid.CreateVersion7(),
                Title = "a",
            },
            new ExportRequested { EventId = Guid.CreateVersion7(), Sequence = 1, ExportId = export, UserId = user });
        var json = $$"""[{"email": "{{user}}@example.org"}]""";
        await fixture.Bus.PublishAsync(new ExportPart { ExportId = export, UserId = user, Service = "profile", Index = 0, Last = true, Json = json });

        // An id that leads to nobody: what is deleted stays deleted, and the contributed track stays.
        string[] tombstones = ["deleted_accounts", "inbox_sequences", "tracks"];
        await Eventually.PassesAsync(
            async () => Assert.Equal(tombstones, (await fixture.Database.TablesThatHoldAsync($"{user}")).Order(StringComparer.Ordinal)));
        Assert.Empty(await fixture.Database.TablesThatHoldAsync("a secret of"));
        Assert.False(Directory.Exists(Path.Combine(fixture.MediaFolder, "store", "downloads", $"{user}")));
        using var anybody = fixture.Service.Client();
        Assert.Equal(HttpStatusCode.OK, (await anybody.GetAsync($"/api/generations/{kept}/audio?format=mp3")).StatusCode);
    }

    private static TrackContributed Contributed(Guid track, Guid user) =>
        new() { EventId = Guid.CreateVersion7(), Sequence = 1, GenerationId = track, UserId = user, Automatic = false, Points = 1 };

    /// <summary>Publishes events, and returns when all of them are applied.</summary>
    private async Task TellAsync(params Event[] events)
    {
        await fixture.Bus.PublishAllAsync(events);
        var ids = events.Select(e => e.EventId).ToArray();
        await Eventually.TrueAsync(
            async () => await fixture.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE message_id = ANY($1)", ids) == ids.Length, "they are applied");
    }

    [Fact]
    public async Task JobStates_WhenAsked_TellEveryKind()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var done = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, done, "completed");
        var running = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, running, "rendering");

        var answer = await fixture.Bus.AskAsync<AskJobStates, JobStates>(
            new AskJobStates { GenerationIds = [done, running, Guid.CreateVersion7()] });

        Assert.Equal(["completed", "running", "unknown"], answer.Jobs.Select(j => j.State));
        fixture.Provider.Release(running);
    }
}
