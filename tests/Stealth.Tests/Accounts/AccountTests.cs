using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;

namespace Son1kVers3.Stealth.Tests.Accounts;

[Collection(StealthCollection.Name)]
[Trait("Category", "Integration")]
public sealed class AccountTests(StealthFixture fixture)
{
    private const string Secret = "sk-live-a-very-secret-value-0042";

    [Fact]
    public async Task Accounts_AreForOperatorsOnly()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Stealth.Client().GetAsync("/api/stealth/accounts")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await fixture.Stealth.Client(Guid.CreateVersion7()).GetAsync("/api/stealth/accounts")).StatusCode);
    }

    [Fact]
    public async Task Account_WhenCreated_IsStoredEncrypted_AndShownMasked()
    {
        var account = await CreateAsync();

        Assert.Equal("••••0042", (string?)account["secretMask"]);
        var shown = await Operator().GetStringAsync($"/api/stealth/accounts/{account["id"]}");
        Assert.DoesNotContain(Secret, shown);
        await using var database = NpgsqlDataSource.Create(fixture.Stealth.Database);
        await using var command = database.CreateCommand("SELECT secret FROM account_keys WHERE account_id = $1");
        command.Parameters.AddWithValue(Guid.Parse((string)account["id"]!));
        Assert.DoesNotContain(Secret, Encoding.UTF8.GetString((byte[])(await command.ExecuteScalarAsync())!));
    }

    [Fact]
    public async Task Account_WhenChangedAndDeleted_AnswersAsItStands()
    {
        var account = await CreateAsync();
        var path = $"/api/stealth/accounts/{account["id"]}";

        var changed = await Operator().PatchAsJsonAsync(path, new { limits = new { concurrency = 7, requestsPerMinute = 60 }, secret = "another-secret-value-9999" });
        var body = (await changed.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal(7, (int)body["limits"]!["concurrency"]!);
        Assert.Equal("••••9999", (string?)body["secretMask"]);

        Assert.Equal(HttpStatusCode.NoContent, (await Operator().DeleteAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Operator().GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Operator().PatchAsync(path, new StringContent("{broken", Encoding.UTF8, "application/json"))).StatusCode);
    }

    [Fact]
    public async Task Account_WhenPostedTenTimesUnderOneKey_ExistsOnce()
    {
        var client = Operator();
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var request = New();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.PostAsJsonAsync("/api/stealth/accounts", request)));

        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict));
        var again = await client.PostAsJsonAsync("/api/stealth/accounts", request);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        var first = answers.First(a => a.StatusCode == HttpStatusCode.Created);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, again.Headers.Location);

        var other = await client.PostAsJsonAsync("/api/stealth/accounts", New());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Contains("idempotency-key-reused", await other.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("""{"provider":"elevenlabs"}""", "secret")]
    [InlineData("""{"provider":"Not A Slug","name":"a","contractHolder":"b","termsUrl":"https://x.dev","secret":"s"}""", "provider")]
    [InlineData("""{"provider":"fal","name":"a","contractHolder":"b","termsUrl":"javascript:alert(1)","secret":"s"}""", "termsUrl")]
    [InlineData("""{"provider":"suno","name":"a","contractHolder":"b","termsUrl":"https://x.dev","secret":"s"}""", "provider")]
    [InlineData("""{"provider":"ace-step","name":"a","contractHolder":"b","termsUrl":"https://x.dev","secret":"s"}""", "baseUrl")]
    [InlineData("""{"provider":"fal","name":"a","contractHolder":"b","termsUrl":"https://x.dev","secret":"s","baseUrl":"http://example.com"}""", "baseUrl")]
    [InlineData("""{"provider":"fal","name":"a","contractHolder":"b","termsUrl":"https://x.dev","secret":"s\nt"}""", "secret")]
    [InlineData("""{"provider":"fal","name":"a","contractHolder":"b","termsUrl":"https://x.dev","secret":"s","proxyId":"019ac000-0000-7000-8000-000000000000"}""", "proxyId")]
    [InlineData("""{"provider":"fal","name":"a\u0000b","contractHolder":"b","termsUrl":"https://x.dev","secret":"s"}""", "name")]
    [InlineData("""{"provider":"fal","name":"\ud800","contractHolder":"b","termsUrl":"https://x.dev","secret":"s"}""", "name")]
    [InlineData("""{"provider":"fal","name":["a"],"contractHolder":"b","termsUrl":"https://x.dev","secret":"s"}""", "name")]
    [InlineData("""{"provider":"fal","name":"a","contractHolder":"b","termsUrl":"https://x.dev","secret":"s","limits":{"concurrency":-1}}""", "limits.concurrency")]
    public async Task Account_WhenAFieldIsWrong_Answers400NamingTheField(string json, string field)
    {
        var answer = await Operator().PostAsync("/api/stealth/accounts", new StringContent(json, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull((await answer.Content.ReadFromJsonAsync<JsonNode>())!["errors"]?[field]);
    }

    [Theory]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("null", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{}", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task Account_WhenTheBodyIsNoObject_AnswersAProblem(string body, string type, HttpStatusCode status)
    {
        var answer = await Operator().PostAsync("/api/stealth/accounts", new StringContent(body, Encoding.UTF8, type));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.NotNull((await answer.Content.ReadFromJsonAsync<JsonNode>())!["traceId"]);
    }

    [Fact]
    public async Task Proxy_KeepsItsPasswordToItself()
    {
        var created = await Operator().PostAsJsonAsync(
            "/api/stealth/proxies", new { name = $"egress-{Guid.NewGuid():N}", host = "127.0.0.1", port = 3128, region = "UY", username = "u", password = Secret });

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var text = await created.Content.ReadAsStringAsync();
        Assert.DoesNotContain(Secret, text);
        Assert.True((bool)JsonNode.Parse(text)!["hasPassword"]!);
    }

    [Fact]
    public async Task Health_IsHealthyWhileEachProviderHasAnAvailableAccount()
    {
        var account = await CreateAsync();

        var health = (await Operator().GetFromJsonAsync<JsonNode>("/api/stealth/health"))!;
        Assert.Equal("healthy", (string?)health["status"]);
        Assert.Contains(health["providers"]!.AsArray(), p => (string?)p!["name"] == (string?)account["provider"] && (int)p["available"]! >= 1);
    }

    [Theory]
    [InlineData("DELETE", "/api/stealth/accounts", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/stealth/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/stealth/accounts/not-a-guid", HttpStatusCode.NotFound)]
    public async Task Address_WhenThereIsNothing_AnswersAProblem(string method, string path, HttpStatusCode status)
    {
        var answer = await Operator().SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    private static object New() => new
    {
        provider = "elevenlabs",
        name = $"account-{Guid.NewGuid():N}",
        contractHolder = "Son1k Labs",
        termsUrl = "https://example.com/terms",
        secret = Secret,
    };

    private HttpClient Operator() => fixture.Operator();

    private async Task<JsonNode> CreateAsync()
    {
        var answer = await Operator().PostAsJsonAsync("/api/stealth/accounts", New());
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.NotNull(answer.Headers.Location);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
