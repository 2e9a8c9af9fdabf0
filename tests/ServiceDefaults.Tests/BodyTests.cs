using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.ServiceDefaults.Tests;

[Collection(SampleCollection.Name)]
[Trait("Category", "Integration")]
public sealed class BodyTests(SampleFixture sample)
{
    private readonly SampleService service = sample.Service;

    [Fact]
    public async Task MalformedBody_ForAThingThatIsNotThere_Answers404First()
    {
        var client = service.Client(Guid.CreateVersion7());
        var missing = await client.PostAsync($"/notes/{Guid.NewGuid()}", new StringContent("{", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task MalformedBody_WithoutAToken_Answers401First()
    {
        var nobody = new HttpClient { BaseAddress = service.Address };
        var answer = await nobody.PostAsync("/notes", new StringContent("{", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task BodyOverAMegabyte_Answers413()
    {
        var answer = await service.Client(Guid.CreateVersion7()).PostAsync("/notes", new StringContent($"{{\"text\":\"{new string('a', 1_100_000)}\"}}", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("body-too-large", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("""{"text":"a","mood":"odd"}""", "mood", "One of calm, very-loud.")]
    [InlineData("""{"text":"a","mood":7}""", "mood", "One of calm, very-loud.")]
    [InlineData("""{"text":"a","parts":[{"bars":1},{"bars":2,"mood":"odd"}]}""", "parts[1].mood", "One of calm, very-loud.")]
    [InlineData("""{"text":"a","parts":[{"bars":1e99}]}""", "parts[0].bars", "A whole number.")]
    [InlineData("""{"text":"a","parts":7}""", "parts", "A list.")]
    [InlineData("""{"text":"a","parts":[7]}""", "parts[0]", "An object.")]
    [InlineData("""{"text":"a","at":"yesterday"}""", "at", "A time: 2026-01-31T12:00:00Z.")]
    [InlineData("""{"text":7}""", "text", "Text, without NUL characters.")]
    [InlineData("""{"text":"a\u0000"}""", "text", "Text, without NUL characters.")]
    [InlineData("""{"text":"\ud800"}""", "text", "Text, without NUL characters.")]
    public async Task Field_OfAnotherType_IsNamedWithWhatItMustBe(string json, string field, string wanted)
    {
        var answer = await service.Client(Guid.CreateVersion7()).PostAsync("/notes", new StringContent(json, Encoding.UTF8, "application/json"));

        await AssertInvalidAsync(answer, field, wanted);
    }

    [Fact]
    public async Task FieldInAListThatIsTheBody_IsNamedByTheAddress()
    {
        var answer = await service.Client(Guid.CreateVersion7()).PostAsync("/notes/parts", new StringContent("""[{"bars":1},{"bars":1,"mood":"odd"}]""", Encoding.UTF8, "application/json"));

        await AssertInvalidAsync(answer, "parts[1].mood", "One of calm, very-loud.");
    }

    [Theory]
    [InlineData("""{"text":"a""")]
    [InlineData("""{"text":"a",}""")]
    [InlineData("""{"text":tru}""")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    public async Task Text_ThatIsNotTheJsonOfTheEndpoint_IsMalformed(string json)
    {
        var answer = await service.Client(Guid.CreateVersion7()).PostAsync("/notes", new StringContent(json, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("problems/malformed-json", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("loudnessMin=abc", "loudnessMin", "A number.")]
    [InlineData("loudnessMin=", "loudnessMin", "A number.")]
    [InlineData("similarTo=abc", "similarTo", "An id: 01890000-0000-7000-8000-000000000000.")]
    [InlineData("on=yesterday", "on", "A date: 2026-01-31.")]
    [InlineData("sung=1", "sung", "true or false.")]
    public async Task Parameter_OfAnotherType_IsNamedWithWhatItMustBe(string query, string name, string wanted) =>
        await AssertInvalidAsync(await service.Client(Guid.CreateVersion7()).GetAsync($"/notes?{query}"), name, wanted);

    [Theory]
    [InlineData("very-loud")]
    [InlineData("Very-Loud")]
    [InlineData("CALM")]
    public async Task Words_OfClosedLists_AreReadInAnyLetterCase(string word)
    {
        var answer = await service.Client(Guid.CreateVersion7()).PostAsJsonAsync("/notes", new { text = "a", mood = word });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.NotNull(Words.Read<NoteMood>("mood", word));
        Assert.Null(Words.Read<NoteMood>("mood", ""));
    }

    [Fact]
    public async Task UnknownFields_AreIgnored()
    {
        var answer = await service.Client(Guid.CreateVersion7()).PostAsync("/notes", new StringContent("""{"text":"a","colour":"blue"}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Theory]
    [InlineData("audio/mpeg")]
    [InlineData("text/event-stream")]
    public async Task Problem_ForACallerWhoAcceptsSomethingElse_IsToldAllTheSame(string accepts)
    {
        using var client = service.Client(Guid.CreateVersion7());
        client.DefaultRequestHeaders.Accept.ParseAdd(accepts);

        var missing = await client.PostAsync($"/notes/{Guid.NewGuid()}", new StringContent("{}", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal("application/problem+json", missing.Content.Headers.ContentType?.MediaType);
        Assert.Contains("traceId", await missing.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Body_WhenItsCharsetIsQuoted_IsRead()
    {
        using var content = new StringContent("""{"text":"a"}""", Encoding.UTF8, "application/json");
        content.Headers.ContentType!.CharSet = "\"utf-8\"";

        Assert.Equal(HttpStatusCode.Created, (await service.Client(Guid.CreateVersion7()).PostAsync("/notes", content)).StatusCode);
    }

    [Fact]
    public async Task Request_WhileTheDatabaseIsAway_Answers503WithRetryAfter()
    {
        service.Trouble = () => throw new InvalidOperationException("wrapped", new Npgsql.NpgsqlException("away", new TimeoutException()));

        var answer = await service.Client(Guid.CreateVersion7()).PostAsync("/notes", new StringContent("""{"text":"a"}""", Encoding.UTF8, "application/json"));
        service.Trouble = null;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private static async Task AssertInvalidAsync(HttpResponseMessage answer, string field, string wanted)
    {
        var problem = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("https://son1kvers3.dev/problems/validation", (string?)problem["type"]);
        Assert.Equal([(field, wanted)], problem["errors"]!.AsObject().Select(error => (error.Key, (string?)error.Value![0])));
    }
}
