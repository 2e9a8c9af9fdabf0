using System.Net;
using System.Text;

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
}
