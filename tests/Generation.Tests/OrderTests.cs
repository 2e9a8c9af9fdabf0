using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>Taking orders in: what is accepted, refused, counted and repeated.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class OrderTests(GenerationFixture fixture)
{
    public static TheoryData<string, string> BadBodies => new()
    {
        { "no prompt", "{}" },
        { "empty prompt", """{"prompt":""}""" },
        { "blank prompt", """{"prompt":"   "}""" },
        { "long prompt", $$"""{"prompt":"{{new string('a', 2001)}}"}""" },
        { "prompt of another type", """{"prompt":42}""" },
        { "prompt list", """{"prompt":["a"]}""" },
        { "NUL", """{"prompt":"a\u0000b"}""" },
        { "NUL in title", """{"prompt":"a","title":"\u0000"}""" },
        { "lone high surrogate", """{"prompt":"a\ud800b"}""" },
        { "lone low surrogate", """{"prompt":"a\udc00b"}""" },
        { "long title", $$"""{"prompt":"a","title":"{{new string('a', 121)}}"}""" },
        { "long lyrics", $$"""{"prompt":"a","lyrics":"{{new string('a', 5001)}}"}""" },
        { "unknown genre", """{"prompt":"a","genre":"nonsense"}""" },
        { "slow", """{"prompt":"a","tempo":39}""" },
        { "fast", """{"prompt":"a","tempo":241}""" },
        { "tempo text", """{"prompt":"a","tempo":"fast"}""" },
        { "key", """{"prompt":"a","key":"H dur"}""" },
        { "short", """{"prompt":"a","durationSeconds":9}""" },
        { "long", """{"prompt":"a","durationSeconds":301}""" },
        { "broken seconds", """{"prompt":"a","durationSeconds":10.5}""" },
        { "huge number", """{"prompt":"a","durationSeconds":99999999999}""" },
        { "negative seed", """{"prompt":"a","seed":-1}""" },
        { "large seed", """{"prompt":"a","seed":2147483648}""" },
        { "quality", """{"prompt":"a","quality":"best"}""" },
        { "quality number", """{"prompt":"a","quality":1}""" },
        { "two qualities", "{\"prompt\":\"a\",\"quality\":\"standard,ultra\"}" },
        { "two visibilities", "{\"prompt\":\"a\",\"visibility\":\"private, public\"}" },
        { "control character", "{\"prompt\":\"a\\u0001b\"}" },
        { "control character in lyrics", "{\"prompt\":\"a\",\"lyrics\":\"la\\u000bla\"}" },
        { "no character", "{\"prompt\":\"a\",\"title\":\"\\uffff\"}" },
        { "visibility", """{"prompt":"a","visibility":"secret"}""" },
        { "provider", """{"prompt":"a","provider":"nobody"}""" },
        { "memo", """{"prompt":"a","voiceMemoId":"00000000-0000-7000-8000-000000000000"}""" },
        { "memo no id", """{"prompt":"a","voiceMemoId":"x"}""" },
        { "list", "[]" },
        { "null", "null" },
        { "text", "\"a\"" },
        { "broken", "{\"prompt\":" },
        { "deep", new string('[', 2000) },
        { "nothing", "" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Order_WhenBodyIsBad_Is400AndNothingIsCounted(string what, string body)
    {
        var user = Guid.CreateVersion7();
        using var client = fixture.Service.Client(user);

        var answer = await client.PostAsync("/api/generations", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.True(
            answer.StatusCode == HttpStatusCode.BadRequest, $"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(0, fixture.Billing.Reserved(user));
    }

    [Fact]
    public async Task Order_WhenTwoMegabytes_Is413()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var body = $$"""{"prompt":"{{new string('a', 2_000_000)}}"}""";

        var answer = await client.PostAsync("/api/generations", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("body-too-large", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'; DROP TABLE generations; --")]
    [InlineData("<script>alert(1)</script> & \"quotes\" \\ %s {0} ${x}")]
    [InlineData("música tranquila 🎵 con piano, 120 bpm — ñandú")]
    public async Task Order_WhenTextIsHostileOrForeign_IsKeptAsItIs(string prompt)
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());

        var accepted = await GenerationFixture.OrderAsync(
            client, new { prompt, title = prompt[..20], provider = "test", durationSeconds = 10 });

        var view = JsonNode.Parse(await client.GetStringAsync($"/api/generations/{accepted["id"]}"))!;
        Assert.Equal(prompt, view["prompt"]!.GetValue<string>());
        Assert.Equal(prompt[..20].Trim(), view["title"]!.GetValue<string>());
    }

    [Fact]
    public async Task Order_WhenAnonymous_Is401() =>
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await fixture.Service.Client().PostAsJsonAsync("/api/generations", new { prompt = "a" })).StatusCode);

    [Fact]
    public async Task Order_WhenQuotaIsSpent_Is429WithWhenAndWhatHelps()
    {
        var user = Guid.CreateVersion7();
        fixture.Billing.Limits[user] = 0;
        using var client = fixture.Service.Client(user);

        var answer = await client.PostAsJsonAsync("/api/generations", new { prompt = "a", provider = "test" });

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.EndsWith("/quota-exceeded", problem["type"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("CREATOR", problem["upgradeTo"]!.GetValue<string>());
        Assert.NotNull(problem["resetAt"]);
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.FromHours(4));
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM pending_reservations WHERE user_id = $1", user));
    }

    [Theory]
    [InlineData("quality-not-in-tier")]
    [InlineData("storage-full")]
    public async Task Order_WhenTierLacksIt_Is403(string denial)
    {
        var user = Guid.CreateVersion7();
        fixture.Billing.Denials[user] = denial;
        using var client = fixture.Service.Client(user);

        var answer = await client.PostAsJsonAsync("/api/generations", new { prompt = "a", provider = "test", quality = "ultra" });

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains($"/{denial}", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Order_WhenSentTenTimesInParallelUnderOneKey_IsOneGeneration()
    {
        var user = Guid.CreateVersion7();
        using var client = fixture.Service.Client(user);
        async Task<HttpResponseMessage> SendAsync()
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Post, "/api/generations")
            { Content = JsonContent.Create(new { prompt = "once", provider = "test" }) };
            request.Headers.Add("Idempotency-Key", "the-same");
            return await client.SendAsync(request);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync()));
        var last = await SendAsync();

        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict, a.StatusCode.ToString()));
        Assert.Equal(HttpStatusCode.Accepted, last.StatusCode);
        Assert.Equal(1, await fixture.ScalarAsync<long>("SELECT count(*) FROM tracks WHERE user_id = $1", user));
        Assert.Equal(1, fixture.Billing.Reserved(user));
        var id = JsonNode.Parse(await last.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        Assert.Equal($"/api/generations/{id}", last.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Orders_WhenMoreThanTheQuotaInParallel_AreAcceptedExactlyToTheLimit()
    {
        var user = Guid.CreateVersion7();
        fixture.Billing.Limits[user] = 3;
        using var client = fixture.Service.Client(user);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(n => client.PostAsJsonAsync("/api/generations", new { prompt = $"n {n}", provider = "test" })));

        Assert.Equal(3, answers.Count(a => a.StatusCode == HttpStatusCode.Accepted));
        Assert.Equal(47, answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Order_WhenBillingDoesNotAnswer_GivesTheUnitBackAndTheSameKeyWorksLater()
    {
        var user = Guid.CreateVersion7();
        using var client = fixture.Service.Client(user);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "again");
        fixture.Billing.Mute[user] = true;

        var late = await client.PostAsJsonAsync("/api/generations", new { prompt = "late", provider = "test" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.NotNull(late.Headers.RetryAfter);
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Billing.Reserved(user) == 0), "the unit is given back");
        fixture.Billing.Mute.Clear();
        // The id of the first attempt is spent: the same operation goes on under a fresh one.
        var answer = await Eventually.GetAsync(
            async () =>
                await client.PostAsJsonAsync(
                "/api/generations", new
                {
                    prompt = "late",
                    provider = "test"
                }) is { StatusCode: HttpStatusCode.Accepted } accepted ? accepted : null, "it is accepted");
        var id = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!.GetValue<Guid>();
        Assert.Equal(1, await fixture.ScalarAsync<long>("SELECT count(*) FROM tracks WHERE user_id = $1", user));
        Assert.False(fixture.Billing.IsReleased(id));
        Assert.Equal(1, fixture.Billing.Reserved(user));
    }

    [Fact]
    public async Task Description_OfTheService_NamesEveryCall()
    {
        using var client = fixture.Service.Client();

        var paths = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject().Select(p => p.Key).ToList();

        foreach (var path in (string[])["", "/{id}", "/{id}/cancel", "/{id}/retry", "/{id}/events", "/{id}/audio", "/{id}/preview", "/{id}/waveform", "/{id}/cover", "/{id}/midi", "/{id}/score", "/{id}/stems", "/{id}/remix", "/{id}/extend", "/{id}/variations", "/{id}/lineage", "/{id}/suggestions"])
            Assert.Contains(paths, p => p.TrimEnd('/') == $"/api/generations{path}");
        Assert.Contains(paths, p => p.TrimEnd('/') == "/api/voice-memos");
        Assert.Contains("/api/genres", paths);
        Assert.Contains("/api/providers", paths);
    }

    [Fact]
    public async Task Intent_WhenItsRequestDied_IsSweptAndItsUnitReleased()
    {
        var (user, id) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.ScalarAsync<int>(
            "INSERT INTO pending_reservations (id, user_id, ids, touched_at) VALUES ($1, $2, $3, now() - interval '61 seconds')", id, user, new[] { id });

        await Eventually.TrueAsync(() => Task.FromResult(fixture.Billing.IsReleased(id)), "the unit is released", TimeSpan.FromSeconds(40));

        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM pending_reservations WHERE id = $1", id));
    }

    [Fact]
    public async Task Generation_OfAnotherUser_Is404ForEveryCall()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        using var other = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(owner);
        await GenerationFixture.WhenAsync(owner, id, "completed");

        foreach (var path in (string[])["", "/events", "/audio", "/preview", "/waveform", "/cover", "/midi", "/score", "/stems", "/lineage", "/suggestions"])
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/generations/{id}{path}")).StatusCode);
        foreach (var path in (string[])["/cancel", "/retry", "/remix", "/extend", "/variations"])
            Assert.Equal(
                HttpStatusCode.NotFound, (
                await other.PostAsync(
                $"/api/generations/{id}{path}", new StringContent("{ broken", Encoding.UTF8, "application/json"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync($"/api/generations/{id}")).StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound, (
            await other.PatchAsync($"/api/generations/{id}", new StringContent("{ broken", Encoding.UTF8, "application/json"))).StatusCode);
    }

    [Fact]
    public async Task List_WhenPaged_ShowsOwnOnesNewestFirst()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
            ids.Add(await GenerationFixture.OrderAsync(client));

        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = JsonNode.Parse(
                await client.GetStringAsync($"/api/generations?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}"))!;
            seen.AddRange(page["items"]!.AsArray().Select(i => i!["id"]!.GetValue<Guid>()));
            cursor = page["nextCursor"]?.GetValue<string>();
        }
        while (cursor is not null);

        Assert.Equal(ids.AsEnumerable().Reverse(), seen);
        foreach (var bad in (string[])["limit=0", "limit=101", "limit=x", "cursor=%%%", "cursor=abc", "status=nonsense", "status=1", "status=composing,rendering", "genre=nonsense"])
            Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"/api/generations?{bad}")).StatusCode);
    }

    [Fact]
    public async Task Change_WhenTitleAndVisibilityAreGiven_IsAnnounced()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        using var other = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");

        var answer = await client.PatchAsJsonAsync($"/api/generations/{id}", new { title = "A new name", visibility = "public" });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<GenerationUpdated>().Any(e => e.GenerationId == id
                && e is { Title: "A new name", Visibility: Visibility.Public, Bytes: > 0 })), "it is announced");
        var seen = JsonNode.Parse(await other.GetStringAsync($"/api/generations/{id}"))!;
        Assert.Equal("A new name", seen["title"]!.GetValue<string>());
        Assert.Null(seen["prompt"]);
        Assert.Equal(HttpStatusCode.OK, (await fixture.Service.Client().GetAsync($"/api/generations/{id}/audio")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PatchAsJsonAsync($"/api/generations/{id}", new { title = " " })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.DeleteAsync($"/api/generations/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.PatchAsJsonAsync($"/api/generations/{id}", new { title = "mine" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await other.PatchAsJsonAsync($"/api/generations/{id}", new { title = " " })).StatusCode);
    }

    [Fact]
    public async Task Delete_WhenNotOwed_RemovesEverything()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/generations/{id}")).StatusCode);

        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync($"/api/generations/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/generations/{id}/audio")).StatusCode);
        Assert.False(Directory.Exists(Path.Combine(fixture.MediaFolder, "store", "tracks", id.ToString())));
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<GenerationDeleted>().Any(e => e.GenerationId == id && e.Bytes > 0)), "it is announced");
    }

    [Theory]
    [InlineData("owed-to-pool")]
    [InlineData("claimed")]
    public async Task Delete_WhenThePoolDoesNotLetItGo_Is409(string denial)
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        fixture.Owed[id] = denial;

        var answer = await client.DeleteAsync($"/api/generations/{id}");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains($"/{denial}", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/generations/{id}/audio")).StatusCode);
    }

    [Fact]
    public async Task Delete_WhenThePoolDoesNotAnswer_Is503AndDeletesNothing()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        fixture.Unanswered.Add(id);

        var answer = await client.DeleteAsync($"/api/generations/{id}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/generations/{id}/audio")).StatusCode);
        fixture.Unanswered.Remove(id);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/generations/{id}")).StatusCode);
    }
}
