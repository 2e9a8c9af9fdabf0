using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Search;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests.Search;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class SearchTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Search_WhenTwoHundredQueriesAreMisspelled_HasTheTrackAmongTheFirstThree()
    {
        var queries = MisspelledQueries();
        Assert.Equal(200, queries.Count);
        var titles = queries.Select(q => q.Title).Distinct().ToList();
        // Beside each title others that are made of the same words.
        var words = titles.SelectMany(t => t.Split(' ')).Distinct().ToArray();
        var random = new Random(7);
        var others = Enumerable.Range(0, 5_000).Select(_ => string.Join(' ', random.GetItems(words, 3))).Except(titles);
        var owner = await fixture.RegisterAsync();
        await SeedAsync(owner.Id, [.. titles, .. others]);

        var missed = new List<string>();
        foreach (var (typed, title) in queries)
        {
            if (!(await SearchAsync($"q={Uri.EscapeDataString(typed)}&limit=3")).Items.Exists(i => (string)i["title"]! == title))
                missed.Add($"{typed} ({title})");
        }

        Assert.True(missed.Count <= 10, $"{missed.Count} of {queries.Count} missed: {string.Join(", ", missed)}");
    }

    [Theory]
    [InlineData("zarzuel")]
    [InlineData("ZARZUELA")]
    [InlineData("zárzuela del melon")]
    [InlineData("melon de zarzuela")]
    public async Task Search_WhenTypedWithoutAccentsOrToTheEnd_FindsTheTitle(string typed)
    {
        var owner = await fixture.RegisterAsync();
        var id = (await SeedAsync(owner.Id, ["Zarzuela del melón"])).Single();

        Assert.Contains(id, (await SearchAsync($"q={Uri.EscapeDataString(typed)}&limit=20")).Items.Select(i => (Guid)i["id"]!));
    }

    [Fact]
    public async Task Search_WhenATrackTurnsPrivate_IsFoundByItsOwnerOnlyOneSecondLater()
    {
        var (owner, stranger) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var word = Word();
        var id = (await SeedAsync(owner.Id, [$"{word} secreto"])).Single();
        Assert.Single((await SearchAsync($"q={word}", stranger)).Items);

        await fixture.Bus.PublishAsync(new GenerationUpdated
        {
            EventId = Guid.CreateVersion7(),
            OccurredAt = fixture.Clock.GetUtcNow(),
            Sequence = 5,
            GenerationId = id,
            UserId = owner.Id,
            Title = $"{word} secreto",
            Visibility = Visibility.Private,
            Bytes = 1,
        });
        await Eventually.TrueAsync(async () => (await SearchAsync($"q={word}", stranger)).Items.Count == 0, "nobody else finds it", TimeSpan.FromSeconds(1));

        Assert.Empty((await SearchAsync($"q={word}x", stranger)).Items);
        Assert.Empty((await SearchAsync($"q={word}&type=pool", owner)).Items);
        Assert.Equal(id, (Guid)Assert.Single((await SearchAsync($"q={word}", owner)).Items)["id"]!);
        Assert.Equal(id, (Guid)Assert.Single((await SearchAsync($"q={word}x", owner)).Items)["id"]!);
    }

    [Fact]
    public async Task Search_ByArtistGenreOrMood_FindsTheTracks_AlsoAfterTheArtistIsCalledOtherwise()
    {
        var owner = await fixture.RegisterAsync();
        var (name, genre) = (Word(), Word());
        var id = (await SeedAsync(owner.Id, ["Ventana"], genre)).Single();
        Assert.Equal([id], Ids(await SearchAsync($"q={owner.Username}")));
        Assert.Equal([id], Ids(await SearchAsync($"q={genre[..8]}")));
        Assert.Equal([id], Ids(await SearchAsync($"q=ventana%20{genre}")));
        Assert.Empty(Ids(await SearchAsync($"q={name}")));

        using var client = fixture.Client(owner.AccessToken);
        (await System.Net.Http.Json.HttpClientJsonExtensions.PatchAsJsonAsync(client, "/api/profiles/me", new { displayName = $"{name} Núñez" })).EnsureSuccessStatusCode();
        Assert.Equal([id], Ids(await SearchAsync($"q={name}%20nunez")));
        Assert.Equal([id], Ids(await SearchAsync($"q=ventana%20{name}")));
        Assert.Equal([id], Ids(await SearchAsync($"q={name}%20nunes")));

        static IEnumerable<Guid> Ids((List<JsonNode> Items, string? Next, JsonNode Facets) found) => found.Items.Select(i => (Guid)i["id"]!);
    }

    [Fact]
    public async Task Search_WhenAnArtistIsCalledSo_ShowsTheirTracksBeforeTitlesThatHaveItSomewhere()
    {
        var (owner, other) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var name = Word();
        using var client = fixture.Client(owner.AccessToken);
        (await System.Net.Http.Json.HttpClientJsonExtensions.PatchAsJsonAsync(client, "/api/profiles/me", new { displayName = name })).EnsureSuccessStatusCode();
        var byThem = (await SeedAsync(owner.Id, ["Ventana"])).Single();
        var somewhere = (await SeedAsync(other.Id, [$"and more {name}zzzz"])).Single();
        var called = (await SeedAsync(other.Id, [name])).Single();

        Assert.Equal([called, byThem, somewhere], (await SearchAsync($"q={name}")).Items.Select(i => (Guid)i["id"]!));
    }

    [Fact]
    public async Task Search_ForTheNewestOfAGenre_ShowsThemInOrder_NarrowedByTheOtherFilters()
    {
        var owner = await fixture.RegisterAsync();
        var genre = Word();
        var (slow, fast) = ((await SeedAsync(owner.Id, ["a"], genre, 80)).Single(), (await SeedAsync(owner.Id, ["b"], genre, 120)).Single());

        Assert.Equal([fast, slow], (await SearchAsync($"genre={genre.ToUpperInvariant()}")).Items.Select(i => (Guid)i["id"]!));
        Assert.Equal([slow], (await SearchAsync($"genre={genre}&bpmMax=90")).Items.Select(i => (Guid)i["id"]!));
        Assert.Empty((await SearchAsync($"genre={genre}&mood=calm")).Items);
    }

    [Fact]
    public async Task Words_ThatNoDocumentHasForLong_AreForgotten_AndThoseInUseStay()
    {
        var owner = await fixture.RegisterAsync();
        var (used, genre, gone, fresh) = (Word(), Word(), Word(), Word());
        await SeedAsync(owner.Id, [used], genre);
        await fixture.ScalarAsync<object>("INSERT INTO search_words (word) VALUES ($1), ($2)", gone, fresh);
        await fixture.ScalarAsync<object>("UPDATE search_words SET used_on = current_date - 61 WHERE word = ANY($1)", [(string[])[used, genre, gone, owner.Username]]);

        await fixture.Profile.Services.GetRequiredService<SearchWordCleanup>().ForgetAsync(default);

        string[] words = [used, genre, gone, fresh, owner.Username];
        Assert.Equal(
            words.Except([gone]).Order(StringComparer.Ordinal),
            (await fixture.ScalarAsync<string[]>("SELECT array_agg(word) FROM search_words WHERE word = ANY($1)", [words]))!.Order(StringComparer.Ordinal));
        await SeedAsync(owner.Id, [used]);
        Assert.Equal(0, await fixture.ScalarAsync<int>("SELECT current_date - used_on FROM search_words WHERE word = $1", used));
    }

    [Fact]
    public async Task Words_OfAMemberWhoLeft_AreForgotten_ButThoseThatOthersUse()
    {
        var (leaver, other) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var (own, common) = (Word(), Word());
        await SeedAsync(leaver.Id, [own, common]);
        await SeedAsync(other.Id, [common]);

        using var client = fixture.Client(leaver.AccessToken);
        var left = new HttpRequestMessage(HttpMethod.Delete, "/api/auth/me") { Content = JsonContent.Create(new { password = ProfileFixture.Password }) };
        Assert.Equal(HttpStatusCode.NoContent, (await client.SendAsync(left)).StatusCode);
        await fixture.ScalarAsync<object>("DELETE FROM search_documents WHERE owner_id = $1", leaver.Id);
        await fixture.Profile.Services.GetRequiredService<SearchWordCleanup>().ForgetAsync(default);

        string[] words = [own, common, leaver.Username];
        Assert.Equal([common], (await fixture.ScalarAsync<string[]>("SELECT array_agg(word) FROM search_words WHERE word = ANY($1)", [words]))!);
    }

    [Fact]
    public async Task OpenApi_DescribesWhatIsFoundOfEachKind()
    {
        using var client = fixture.Client();
        var document = await (await client.GetAsync("/openapi/v1.json")).JsonAsync();
        var shapes = document["paths"]!["/api/search"]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["anyOf"]!.AsArray();

        var items = shapes.Select(shape => Resolve(Resolve(shape!)["properties"]!["items"]!["items"]!)["properties"]!.AsObject()).ToList();
        Assert.Contains(items, item => item.ContainsKey("peaks") && item.ContainsKey("artist"));
        Assert.Contains(items, item => item.ContainsKey("avatarUrl") || (item.ContainsKey("username") && !item.ContainsKey("peaks")));

        JsonNode Resolve(JsonNode node) => (string?)node["$ref"] is { } reference ? reference[2..].Split('/').Aggregate(document, (at, part) => at[part]!) : node;
    }

    [Theory]
    [InlineData("bpmMin=abc", "bpmMin", "A number.")]
    [InlineData("bpmMax=", "bpmMax", "A number.")]
    [InlineData("similarTo=abc", "similarTo", "An id: 01890000-0000-7000-8000-000000000000.")]
    [InlineData("type=songs", "type", "One of tracks, people, collections, pool.")]
    public async Task Search_WhenAParameterCannotBeRead_NamesItAndWhatItMustBe(string query, string name, string wanted)
    {
        using var client = fixture.Client();

        var problem = await (await client.GetAsync($"/api/search?{query}")).IsProblemAsync(400, "validation");

        Assert.Equal(wanted, (string?)problem["errors"]![name]![0]);
    }

    [Fact]
    public async Task Search_WithTheCursorOfAnotherQuery_IsRefused()
    {
        var owner = await fixture.RegisterAsync();
        var word = Word();
        await SeedAsync(owner.Id, [$"{word} uno", $"{word} dos"]);
        using var client = fixture.Client();
        var cursor = (string?)(await (await client.GetAsync($"/api/search?q={word}&limit=1&type=Tracks")).JsonAsync())["nextCursor"];

        Assert.Single((await (await client.GetAsync($"/api/search?q={word}&limit=1&type=Tracks&cursor={cursor}")).JsonAsync())["items"]!.AsArray());
        await (await client.GetAsync($"/api/search?q={word}x&limit=1&type=Tracks&cursor={cursor}")).IsProblemAsync(400, "validation");
        await (await client.GetAsync($"/api/search?limit=1&cursor={cursor}")).IsProblemAsync(400, "validation");
    }

    [Fact]
    public async Task Search_WhenFiltered_NarrowsAndCountsTheFacets()
    {
        var owner = await fixture.RegisterAsync();
        var word = Word();
        await SeedAsync(owner.Id, [$"{word} uno", $"{word} dos"], genre: "bossa nova", tempo: 100);
        await SeedAsync(owner.Id, [$"{word} tres"], genre: "techno", tempo: 130);

        var all = await SearchAsync($"q={word}");
        Assert.Equal(3, all.Items.Count);
        Assert.Equal([("bossa nova", 2), ("techno", 1)], all.Facets["genre"]!.AsArray().Select(f => ((string)f!["value"]!, (int)f["count"]!)));
        Assert.Equal(2, (await SearchAsync($"q={word}&genre=Bossa%20Nova")).Items.Count);
        Assert.Single((await SearchAsync($"q={word}&bpmMin=129.5")).Items);
        Assert.Empty((await SearchAsync($"q={word}&bpmMin=131&bpmMax=139")).Items);
        Assert.Equal(2, (await SearchAsync($"q={word}&bpmMax=129")).Items.Count);
        Assert.Equal(2, (await SearchAsync($"q={word}x&genre=bossa%20nova")).Items.Count);
    }

    [Fact]
    public async Task Search_WhenPaged_ShowsEachOnce()
    {
        var owner = await fixture.RegisterAsync();
        var word = Word();
        var ids = await SeedAsync(owner.Id, [.. Enumerable.Range(0, 7).Select(n => $"{word} {n % 3}")]);
        var seen = new List<Guid>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await SearchAsync($"q={word}&limit=2&cursor={cursor}");
            seen.AddRange(page.Items.Select(i => (Guid)i["id"]!));
            cursor = page.Next;
        }

        Assert.Equal(ids.Order(), seen.Order());
    }

    [Fact]
    public async Task Similar_WhenAsked_GoesByDistanceWithinGenreAndTempo()
    {
        var owner = await fixture.RegisterAsync();
        var genre = Word();
        var source = (await SeedAsync(owner.Id, ["source"], genre, 100, 0)).Single();
        var near = (await SeedAsync(owner.Id, ["near"], genre, 107.9, 0.1f)).Single();
        var far = (await SeedAsync(owner.Id, ["far"], genre, 92.1, 0.9f)).Single();
        await SeedAsync(owner.Id, ["too fast"], genre, 108.1, 0);
        await SeedAsync(owner.Id, ["other genre"], Word(), 100, 0);
        var secret = (await SeedAsync(owner.Id, ["secret"], genre, 100, 0.05f, "Private")).Single();

        Assert.Equal([near, far], (await SearchAsync($"similarTo={source}")).Items.Select(i => (Guid)i["id"]!));
        Assert.Empty((await SearchAsync($"similarTo={source}&type=pool")).Items);
        Assert.Equal(3, (await SearchAsync($"similarTo={secret}", owner)).Items.Count);
        using var anonymous = fixture.Client();
        await (await anonymous.GetAsync($"/api/search?similarTo={secret}")).IsProblemAsync(404, "not-found");
        await (await anonymous.GetAsync($"/api/search?similarTo={Guid.NewGuid()}")).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task People_WhenMisspelledOrRenamedOrGone_AreFoundAsTheyAreNow()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        var name = Word();
        (await System.Net.Http.Json.HttpClientJsonExtensions.PatchAsJsonAsync(client, "/api/profiles/me", new { displayName = $"{name} Núñez" })).EnsureSuccessStatusCode();

        Assert.Equal(member.Username, (string)Assert.Single((await SearchAsync($"type=people&q={name}%20nunes")).Items)["username"]!);
        Assert.Equal(member.Username, (string)(await SearchAsync($"type=people&q={member.Username}")).Items[0]["username"]!);
        await fixture.ScalarAsync<object>("DELETE FROM accounts WHERE id = $1", member.Id);
        Assert.Empty((await SearchAsync($"type=people&q={name}%20nunez")).Items);
    }

    [Theory]
    [InlineData("type=x")]
    [InlineData("type=1")]
    [InlineData("bpmMin=-1")]
    [InlineData("bpmMax=x")]
    [InlineData("limit=0")]
    [InlineData("cursor=x")]
    [InlineData("similarTo=x")]
    [InlineData("q=a&similarTo=019ab4e2-0000-7000-8000-000000000000")]
    public async Task Search_WhenItCantBeAsked_Is400(string query)
    {
        using var client = fixture.Client();
        Assert.Equal(400, (int)(await client.GetAsync($"/api/search?{query}")).StatusCode);
    }

    [Theory]
    [InlineData("'")]
    [InlineData("!!!")]
    [InlineData("\\")]
    [InlineData("a & | ! ( ) : * <->")]
    [InlineData("%_%")]
    [InlineData("🎸")]
    [InlineData("ñandú ' OR 1=1 --")]
    public async Task Search_WhateverIsTyped_Answers(string typed)
    {
        foreach (var name in (string[])["q", "genre", "mood", "key"])
            Assert.NotNull((await SearchAsync($"{name}={Uri.EscapeDataString(typed)}&bpmMin=20")).Items);
    }

    internal static List<(string Typed, string Title)> MisspelledQueries()
    {
        using var reader = new StreamReader(typeof(SearchTests).Assembly.GetManifestResourceStream("Misspelled.tsv")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Select(parts => (parts[0], parts[1]))];
    }

    private static string Word() => $"w{Guid.NewGuid():N}"[..12];

    private async Task<(List<JsonNode> Items, string? Next, JsonNode Facets)> SearchAsync(string query, Member? caller = null)
    {
        using var client = fixture.Client(caller?.AccessToken);
        using var response = await client.GetAsync($"/api/search?{query}");
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        var json = JsonNode.Parse(text)!;
        return ([.. json["items"]!.AsArray().Select(i => i!)], (string?)json["nextCursor"], json["facets"]!);
    }

    /// <summary>Tracks as events leave them.</summary>
    private async Task<Guid[]> SeedAsync(Guid owner, string[] titles, string genre = "lo-fi", double tempo = 82, float sound = 0, string visibility = "Public")
    {
        var ids = titles.Select(_ => Guid.CreateVersion7()).ToArray();
        await fixture.ScalarAsync<object>(
            """
            INSERT INTO tracks (generation_id, owner_id, title, genre, tempo, palette, peaks, features, visibility, completed_at, sequence, hidden, illegal, hidden_sequence, deleted, contributed,
                likes, likes_sequence, plays, comments)
            SELECT id, $1, title, $4, $5, '{}', '{}', $6, $7, now(), 1, false, false, 0, false, false, 0, 0, 0, 0 FROM unnest($2, $3) AS made(id, title)
            """,
            owner, ids, titles, genre, tempo, Enumerable.Repeat(sound, 32).ToArray(), visibility);
        return ids;
    }
}
