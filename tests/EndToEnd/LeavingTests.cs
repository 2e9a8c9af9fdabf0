using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>A member leaves, and the platform forgets.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class LeavingTests(Platform platform)
{
    private const int Tracks = 2000;
    private const int WithFiles = 20;
    // No other story claims from it.
    private const string Genre = "bachata";

    /// <summary>Where the id stays, a number that leads to nobody any more. Everything else that tells of a member is found by looking, whatever tables there are.</summary>
    private static readonly string[] KeepTheId =
    [
        // Tombstones: whatever an event that comes late says, nothing of the member comes back.
        "billingdb.accounts", "billingdb.stored_tracks", "generationdb.deleted_accounts", "generationdb.tracks", "pooldb.members", "pooldb.tracks",
        // Which event of a member was the newest.
        "billingdb.inbox_sequences", "generationdb.inbox_sequences", "profiledb.inbox_sequences",
        // For a minute, until it is erased once more.
        "profiledb.erasures",
    ];

    [Fact]
    public async Task Member_WithTwoThousandTracks_WhoLeaves_LeavesNothingPersonal_AndTheLedgerStillAgrees()
    {
        var (member, fan) = (await platform.SignUpAsync(), await platform.SignUpAsync());
        var (name, prompt) = ($"Name {Guid.NewGuid():N}", $"Secret {Guid.NewGuid():N}");
        (await member.Client.PatchAsJsonAsync("/api/profiles/me", new { displayName = name, bio = name })).EnsureSuccessStatusCode();
        var (kept, own) = (await MakeTrackAsync(member, prompt, "Kept"), await MakeTrackAsync(member, prompt));
        await MeetAsync(member, fan, kept, prompt);
        (await member.Client.PostAsJsonAsync($"/api/wall/{own}/comments", new { text = prompt })).EnsureSuccessStatusCode();
        await ExportAsync(member);
        await using var databases = await Databases.OpenAsync(platform);
        var copies = await MakeCopiesAsync(databases, own);
        Assert.Contains("profiledb.outgoing_mails", await databases.FindAsync(member.Email));
        Assert.Contains("generationdb.tracks", await databases.FindAsync(prompt));
        Assert.NotEmpty(FilesThatHold(prompt));

        var left = new HttpRequestMessage(HttpMethod.Delete, "/api/auth/me") { Content = JsonContent.Create(new { password = member.Password }) };
        Assert.Equal(HttpStatusCode.NoContent, (await member.Client.SendAsync(left)).StatusCode);

        // To look through everything takes longer than to erase it: a cheap look first.
        await Eventually.TrueAsync(
            async () => await databases.CountAsync("generationdb", "SELECT count(*) FROM tracks WHERE user_id = $1 AND deleted_at IS NULL AND NOT contributed", Guid.Parse(member.Id)) == 0,
            "generation has deleted the tracks");
        await Eventually.PassesAsync(
            async () =>
            {
                // Single words that search knows are forgotten within the hour; SearchTests show it.
                Assert.Empty((await databases.FindAsync(member.Email, member.Username, name, prompt)).Except(["profiledb.search_words"]));
                Assert.Empty((await databases.FindAsync(member.Id)).Except(KeepTheId));
                Assert.DoesNotContain(copies[..WithFiles].Append(own), track => FilesOf(track).Length > 0);
                Assert.Empty(FilesThatHold(member.Email, member.Username, name, prompt));
            },
            pause: TimeSpan.FromSeconds(1));
        Assert.All((string[])[member.Email, name, prompt], word => Assert.DoesNotContain(word, platform.Output, StringComparison.OrdinalIgnoreCase));
        Assert.Equal("deleted", (string?)(await fan.GetJsonAsync($"/api/wall/{kept}"))["artist"]!["username"]);
        Assert.Equal(HttpStatusCode.OK, (await fan.Client.GetAsync($"/api/generations/{kept}/audio?format=mp3")).StatusCode);
        await (await member.Client.GetAsync("/api/auth/me")).ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal(0, (int)(await (await platform.Founder.Value).GetJsonAsync("/api/admin/ledger/check"))["differences"]!);
    }

    /// <summary>A finished track that profile and pool have heard of.</summary>
    private static async Task<Guid> MakeTrackAsync(Member member, string prompt, string? title = null)
    {
        var posted = await member.GenerateAsync(new { prompt, title, genre = Genre, durationSeconds = 10 }, key: $"{Guid.NewGuid()}").AcceptedAsync();
        Assert.Equal("completed", (string?)(await member.EndedAsync(posted))["status"]);
        var track = (Guid)posted["id"]!;
        await Eventually.TrueAsync(async () => (await member.Client.GetAsync($"/api/wall/{track}")).IsSuccessStatusCode && await member.IsKnownAsync(track), "it is on the wall");
        return track;
    }

    /// <summary>The two leave their traces with each other: follows, likes, comments, and a claim in each direction.</summary>
    private static async Task MeetAsync(Member member, Member fan, Guid kept, string words)
    {
        foreach (var (from, to) in (IEnumerable<(Member, Member)>)[(member, fan), (fan, member)])
            (await from.Client.PostAsync($"/api/profiles/{to.Username}/follow", null)).EnsureSuccessStatusCode();
        var shared = await MakeTrackAsync(fan, "a short piece", "Shared");
        foreach (var (artist, claimer, track) in (IEnumerable<(Member, Member, Guid)>)[(fan, member, shared), (member, fan, kept)])
        {
            await (await artist.ContributeAsync(track)).JsonAsync(HttpStatusCode.Created);
            Assert.Equal(track, (Guid)(await (await claimer.ClaimAsync(Genre)).JsonAsync(HttpStatusCode.Created))["generationId"]!);
            (await claimer.Client.PutAsync($"/api/community/pool/{track}/like", null)).EnsureSuccessStatusCode();
            (await claimer.Client.PostAsync($"/api/community/pool/{track}/play", null)).EnsureSuccessStatusCode();
            await Eventually.TrueAsync(
                async () => (await artist.GetJsonAsync("/api/notifications"))["items"]!.AsArray().Count(n => (string?)n!["kind"] is "track-claimed" or "track-liked") == 2, "the artist is told");
        }

        (await member.Client.PostAsJsonAsync($"/api/wall/{shared}/comments", new { text = words })).EnsureSuccessStatusCode();
    }

    /// <summary>A zip of everything, which must not outlive the account.</summary>
    private static async Task ExportAsync(Member member)
    {
        var asked = await (await member.Client.PostAsync("/api/auth/export", null)).JsonAsync(HttpStatusCode.Accepted);
        await Eventually.TrueAsync(async () => (string?)(await member.GetJsonAsync($"/api/auth/export/{asked["id"]}"))["status"] == "ready", "the export is ready");
    }

    /// <summary>Tracks that differ from a real one in their id alone, some with files of their own.</summary>
    private async Task<Guid[]> MakeCopiesAsync(Databases databases, Guid track)
    {
        Guid[] copies = [.. Enumerable.Range(0, Tracks - 2).Select(_ => Guid.CreateVersion7())];
        foreach (var (database, table) in (IEnumerable<(string, string)>)[("generationdb", "tracks"), ("pooldb", "tracks"), ("profiledb", "tracks"), ("profiledb", "wall_entries")])
            await databases.CopyAsync(database, table, track, copies);
        await databases.CopyAsync("generationdb", "track_files", track, copies[..WithFiles]);
        foreach (var file in FilesOf(track))
        {
            foreach (var copy in copies[..WithFiles])
            {
                var path = file.Replace(track.ToString(), copy.ToString(), StringComparison.Ordinal);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Copy(file, path);
            }
        }

        return copies;
    }

    private string[] MediaFiles => Directory.GetFiles(Path.Combine(platform.DataFolder, "media"), "*", SearchOption.AllDirectories);

    private string[] FilesOf(Guid track) => [.. MediaFiles.Where(file => file.Contains($"/{track}/", StringComparison.Ordinal))];

    /// <summary>Stored media and the servers' logs, by name and content, in both encodings that tags come in.</summary>
    private IEnumerable<string> FilesThatHold(params string[] words)
    {
        byte[][] patterns = [.. words.Select(Encoding.UTF8.GetBytes), .. words.Select(Encoding.Unicode.GetBytes)];
        foreach (var file in MediaFiles.Concat(Directory.GetFiles(platform.DataFolder, "*.log", SearchOption.AllDirectories)))
        {
            var bytes = File.ReadAllBytes(file);
            if (words.Any(word => file.Contains(word, StringComparison.OrdinalIgnoreCase)) || patterns.Any(pattern => bytes.AsSpan().IndexOf(pattern) >= 0))
                yield return file;
        }
    }
}
