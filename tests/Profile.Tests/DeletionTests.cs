using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Tests.Collections;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

/// <summary>What is so once the answer to a deletion is there, however long the erasure that follows takes.</summary>
[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class DeletionTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Delete_WhenAnswered_HasVoidedTheAccessToken()
    {
        for (var i = 0; i < 5; i++)
        {
            using var client = fixture.Client((await fixture.RegisterAsync()).AccessToken);
            await client.LeaveAsync();
            foreach (var path in (string[])["/api/collections", "/api/auth/me", "/api/notifications"])
                Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(path)).StatusCode);
        }
    }

    [Fact]
    public async Task Delete_WhenAnswered_HasTakenCollectionsFromEverybody()
    {
        var (owner, editor) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var track = (await fixture.SeedTracksAsync(editor.Id, 1))[0];
        using var client = fixture.Client(owner.AccessToken);
        using var other = fixture.Client(editor.AccessToken);
        var title = $"gone {Guid.NewGuid():N}";
        var paths = new List<string>();
        foreach (var visibility in (string[])["public", "private"])
        {
            paths.Add($"/api/collections/{(Guid)(await client.CreateAsync(title, visibility))["id"]!}");
            (await client.PostAsJsonAsync($"{paths[^1]}/editors", new { username = editor.Username })).EnsureSuccessStatusCode();
            await (await other.AddAsync(paths[^1], track)).IsAsync(201);
        }

        await using var erasure = await HoldErasureAsync();
        await client.LeaveAsync();

        foreach (var path in paths)
        {
            await (await other.GetAsync(path)).IsProblemAsync(404, "not-found");
            await (await other.AddAsync(path, track)).IsProblemAsync(404, "not-found");
            await (await other.PostAsync($"{path}/play", null)).IsProblemAsync(404, "not-found");
        }

        Assert.Empty(await other.ItemsAsync($"/api/search?type=collections&q={Uri.EscapeDataString(title)}"));
        Assert.Empty(await other.ItemsAsync("/api/collections"));
    }

    [Fact]
    public async Task Delete_WhenEditorsAddAtTheSameTime_AnswersEachOfThemWithWhatBecameOfIt()
    {
        var (owner, editor) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var track = (await fixture.SeedTracksAsync(editor.Id, 1))[0];
        using var client = fixture.Client(owner.AccessToken);
        using var other = fixture.Client(editor.AccessToken);
        var path = await client.PathAsync();
        (await client.PostAsJsonAsync($"{path}/editors", new { username = editor.Username })).EnsureSuccessStatusCode();

        var leaving = client.LeaveAsync();
        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await other.AddAsync(path, track)).StatusCode));
        await leaving;

        Assert.All(added, status => Assert.True(status is HttpStatusCode.Created or HttpStatusCode.NotFound, $"{status}"));
        await (await other.AddAsync(path, track)).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Delete_WhenAnswered_HasTakenTracksAndWordsOutOfSight()
    {
        var (member, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var (own, other) = (await fixture.CompleteTrackAsync(member), await fixture.CompleteTrackAsync(fan));
        using var client = fixture.Client(member.AccessToken);
        using var reader = fixture.Client(fan.AccessToken);
        var comment = await client.CommentAsync(other, "words of mine");
        (await client.PostAsync($"/api/profiles/{fan.Username}/follow", null)).EnsureSuccessStatusCode();
        (await reader.PostAsync($"/api/profiles/{member.Username}/follow", null)).EnsureSuccessStatusCode();

        await using var erasure = await HoldErasureAsync();
        await client.LeaveAsync();

        foreach (var path in (string[])[$"/api/wall/{own}", $"/api/wall/{own}/comments", $"/api/profiles/{member.Username}", $"/api/profiles/{member.Username}/wall", $"/internal/share/t/{own}"])
            await (await reader.GetAsync(path)).IsProblemAsync(404, "not-found");
        await (await reader.PostAsJsonAsync($"/api/wall/{own}/comments", new { text = "lost" })).IsProblemAsync(404, "not-found");
        foreach (var (kind, id) in ((string, Guid)[])[("track", own), ("comment", comment), ("profile", member.Id)])
            await (await reader.PostAsJsonAsync("/api/reports", new { kind, id, reason = "late" })).IsProblemAsync(404, "not-found");
        foreach (var path in (string[])["/api/feed", $"/api/wall/{other}/comments", $"/api/profiles/{fan.Username}/followers", $"/api/profiles/{fan.Username}/following"])
            Assert.Empty(await reader.ItemsAsync(path));
    }

    [Fact]
    public async Task Delete_WhenTheirTrackInTheirEntryStaysInThePool_WithdrawsTheEntry()
    {
        var (member, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var track = await fixture.CompleteTrackAsync(member, title: "pooled");
        await fixture.ScalarAsync<object>("UPDATE tracks SET contributed = true, contributed_changed_at = now() WHERE generation_id = $1", track);
        var challenge = Guid.CreateVersion7();
        await fixture.ScalarAsync<object>(
            """
            INSERT INTO challenges (id, title, description, status, opens_at, closes_at) VALUES ($1, 'theme', 'words', 'Open', $2, $3)
            """,
            challenge, fixture.Clock.GetUtcNow().AddHours(-1), fixture.Clock.GetUtcNow().AddDays(1));
        using var client = fixture.Client(member.AccessToken);
        using var voter = fixture.Client(fan.AccessToken);
        var entry = (Guid)(await (await client.PostAsJsonAsync($"/api/challenges/{challenge}/entries", new { generationId = track })).IsAsync(201))["id"]!;

        await using var erasure = await HoldErasureAsync();
        await client.LeaveAsync();

        await (await voter.PutAsJsonAsync($"/api/challenges/{challenge}/vote", new { entryId = entry })).IsProblemAsync(404, "not-found");
        Assert.Empty(await voter.ItemsAsync($"/api/challenges/{challenge}/entries"));
        var card = await (await voter.GetAsync($"/api/search?type=pool&q=pooled")).IsAsync(200);
        Assert.All(card["items"]!.AsArray().Where(c => (Guid)c!["id"]! == track), c => Assert.Equal("deleted", (string)c!["artist"]!["username"]!));
    }

    /// <summary>Nothing is erased until it is disposed: the worker waits for a table that the deletion itself doesn't write.</summary>
    private async Task<IAsyncDisposable> HoldErasureAsync()
    {
        var connection = await fixture.Database.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN; LOCK TABLE active_days IN SHARE MODE";
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
