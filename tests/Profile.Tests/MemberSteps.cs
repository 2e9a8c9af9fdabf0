using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

/// <summary>What happens to members and their tracks, as the other services tell it.</summary>
internal static class MemberSteps
{
    /// <summary>A new member who is an operator.</summary>
    public static async Task<Member> RegisterOperatorAsync(this ProfileFixture fixture)
    {
        var member = await fixture.RegisterAsync();
        await fixture.ScalarAsync<object>("UPDATE accounts SET is_operator = true WHERE id = $1", member.Id);
        using var client = fixture.Client();
        var tokens = await (await client.RefreshAsync(member.RefreshToken)).JsonAsync();
        return member with { AccessToken = (string)tokens["accessToken"]!, RefreshToken = (string)tokens["refreshToken"]! };
    }

    /// <summary>The event of a finished track.</summary>
    public static GenerationCompleted Completed(this ProfileFixture fixture, Guid owner, Guid id, Visibility visibility, long sequence, string title = "song") => new()
    {
        EventId = Guid.CreateVersion7(),
        OccurredAt = fixture.Clock.GetUtcNow(),
        Sequence = sequence,
        GenerationId = id,
        UserId = owner,
        Tier = Tier.Free,
        Allowance = Allowance.Free,
        Quality = Quality.Standard,
        Title = title,
        Genre = "lo-fi",
        Tempo = 82,
        Key = "A minor",
        DurationSeconds = 60,
        Bytes = 1000,
        Visibility = visibility,
        Palette = ["#000001", "#000002", "#000003", "#000004", "#000005"],
        Peaks = [.. Enumerable.Range(0, 64)],
    };

    /// <summary>A finished track of a member, of which profile has heard.</summary>
    public static async Task<Guid> CompleteTrackAsync(this ProfileFixture fixture, Member owner, Visibility visibility = Visibility.Public, string title = "song")
    {
        var id = Guid.CreateVersion7();
        await fixture.Bus.PublishAsync(fixture.Completed(owner.Id, id, visibility, 1, title));
        await Eventually.TrueAsync(() => fixture.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM wall_entries WHERE generation_id = $1)", id), "the track is known");
        return id;
    }

    /// <summary>A comment on a track.</summary>
    public static async Task<Guid> CommentAsync(this HttpClient client, Guid track, string text)
    {
        using var response = await client.PostAsJsonAsync($"/api/wall/{track}/comments", new { text });
        return (Guid)(await response.IsAsync(201))["id"]!;
    }

    /// <summary>The items of a list's page.</summary>
    public static async Task<IReadOnlyList<JsonNode>> ItemsAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return [.. (await response.IsAsync(200))["items"]!.AsArray().Select(item => item!)];
    }

    /// <summary>What a member was told of one thing, the latest first.</summary>
    public static async Task<IReadOnlyList<JsonNode>> ToldAsync(this HttpClient client, Guid subject) =>
        [.. (await client.ItemsAsync("/api/notifications?limit=100")).Where(n => (Guid?)n["subjectId"] == subject)];

    /// <summary>Asserts the status, and returns the body.</summary>
    public static async Task<JsonNode> IsAsync(this HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>Deletes the account behind a client.</summary>
    public static async Task LeaveAsync(this HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/auth/me") { Content = JsonContent.Create(new { password = ProfileFixture.Password }) };
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>What an export of a member holds of one kind.</summary>
    public static async Task<IReadOnlyList<JsonNode>> ExportedAsync(this ProfileFixture fixture, Member member, string kind)
    {
        var export = Guid.CreateVersion7();
        await fixture.Bus.PublishAsync(new ExportRequested { EventId = Guid.CreateVersion7(), OccurredAt = fixture.Clock.GetUtcNow(), ExportId = export, UserId = member.Id });
        await Eventually.TrueAsync(() => Task.FromResult(Parts().Any(p => p.Last)), "profile hands over its part");
        return [.. Parts().SelectMany(p => JsonNode.Parse(p.Json)!.AsArray()).Where(item => (string?)item!["kind"] == kind).Select(item => item!["data"]!)];

        IEnumerable<ExportPart> Parts() => fixture.Bus.Heard<ExportPart>().Where(p => p.ExportId == export && p.Service == "profile").DistinctBy(p => p.Index);
    }
}
