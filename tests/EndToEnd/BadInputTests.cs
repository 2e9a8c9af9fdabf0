using System.Net;
using System.Text;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class BadInputTests(Platform platform)
{
    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"prompt\"")]
    [InlineData("{}")]
    [InlineData("""{"prompt":""}""")]
    [InlineData("""{"prompt":7}""")]
    [InlineData("""{"prompt":"a","durationSeconds":"60"}""")]
    [InlineData("""{"prompt":"a","durationSeconds":9}""")]
    [InlineData("""{"prompt":"a","durationSeconds":301}""")]
    [InlineData("""{"prompt":"a","durationSeconds":60.5}""")]
    [InlineData("""{"prompt":"a","tempo":39}""")]
    [InlineData("""{"prompt":"a","tempo":1e999}""")]
    [InlineData("""{"prompt":"a","key":"H dur"}""")]
    [InlineData("""{"prompt":"a","quality":"best"}""")]
    [InlineData("""{"prompt":"a","quality":1}""")]
    [InlineData("""{"prompt":"a","seed":-1}""")]
    [InlineData("""{"prompt":"a","seed":2147483648}""")]
    [InlineData("""{"prompt":"a","genre":"no-such-genre"}""")]
    [InlineData("""{"prompt":"a","provider":"no-such-provider"}""")]
    [InlineData("""{"prompt":"a","visibility":"everyone"}""")]
    [InlineData("""{"prompt":"a\u0000b"}""")]
    [InlineData("""{"prompt":"\ud800"}""")]
    [InlineData("""{"prompt":{"$ne":null}}""")]
    public async Task Generation_WhenTheRequestIsWrong_Answers400AndTakesNoUnit(string json)
    {
        var member = await platform.SignUpAsync();

        var answer = await member.Client.PostAsync("/api/generations", new StringContent(json, Encoding.UTF8, "application/json"));

        await answer.ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal((0, 0), await member.CountersAsync());
    }

    [Fact]
    public async Task Generation_WhenThePromptIs2MB_Answers413ThatTheClientCanRead()
    {
        var member = await platform.SignUpAsync();

        var answer = await member.GenerateAsync(new { prompt = new string('a', 2_000_000) });

        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Fact]
    public async Task Generation_WhenThePromptHoldsSqlAndHtml_KeepsItAsText()
    {
        var member = await platform.SignUpAsync();
        const string title = "<script>alert('x')</script>'; DROP TABLE generations; --";

        var generation = await member.GenerateAsync(new { prompt = "Robert'); DROP TABLE tracks;-- <img src=x onerror=alert(1)>", title, durationSeconds = 10 }).AcceptedAsync();

        var done = await member.EndedAsync(generation);
        Assert.Equal("completed", (string?)done["status"]);
        Assert.Equal(title, (string?)done["title"]);
    }

    [Theory]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/generations/not-an-id", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/generations/01890000-0000-7000-8000-000000000000", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/api/generations", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/generations?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/generations?cursor=x", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/generations?status=unknown", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/admin/anything", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/api/stealth/anything", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/internal/api-keys/exchange", HttpStatusCode.NotFound)]
    public async Task Address_WhenWrong_AnswersAProblem(string method, string path, HttpStatusCode status)
    {
        var member = await platform.SignUpAsync();

        await (await member.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path))).ProblemAsync(status);
    }
}
