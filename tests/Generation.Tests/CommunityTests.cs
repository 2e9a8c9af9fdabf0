using System.Net;
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
