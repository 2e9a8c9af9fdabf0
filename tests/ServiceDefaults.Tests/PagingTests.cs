using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Son1kVers3.ServiceDefaults.Paging;

namespace Son1kVers3.ServiceDefaults.Tests;

/// <summary>A cursor is good for the list that gave it, and for nothing else.</summary>
[Collection(SampleCollection.Name)]
[Trait("Category", "Integration")]
public sealed class PagingTests(SampleFixture sample)
{
    private readonly HttpClient client = sample.Service.Client(Guid.CreateVersion7());
    private readonly string text = Guid.NewGuid().ToString("N")[..20];

    [Theory]
    [InlineData("/notes?limit=1&text={0}")]
    [InlineData("/Notes?TEXT={0}&limit=1&utm=x")]
    public async Task Cursor_WithTheFiltersOfItsPage_GoesOnAfterIt(string address)
    {
        var (first, second) = (await AddAsync(), await AddAsync());

        var page = await GetAsync($"/notes?limit=1&text={text}");
        var rest = await GetAsync($"{string.Format(address, text)}&cursor={page["nextCursor"]}");

        Assert.Equal(second, (string?)page["items"]![0]!["id"]);
        Assert.Equal([first], rest["items"]!.AsArray().Select(note => (string?)note!["id"]));
        Assert.Null(rest["nextCursor"]);
    }

    [Theory]
    [InlineData("/notes?limit=1")]
    [InlineData("/notes?limit=1&text=other")]
    [InlineData("/notes/latest?limit=1&text={0}")]
    public async Task Cursor_OfAnotherListOrOtherFilters_IsRefused(string address)
    {
        await AddAsync();
        await AddAsync();
        var cursor = (string?)(await GetAsync($"/notes?limit=1&text={text}"))["nextCursor"];

        await AssertRefusedAsync($"{string.Format(address, text)}&cursor={cursor}");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"0197b3e0-0000-7000-8000-000000000000\"")]
    [InlineData("""{"At":"2026-01-01T00:00:00+02:00","Id":"0197b3e0-0000-7000-8000-000000000000"}""")]
    [InlineData("""{"Pinned":true,"Number":-9223372036854775808,"Id":"0197b3e0-0000-7000-8000-000000000000"}""")]
    public async Task Cursor_ThatWasMadeUp_IsRefused(string json) =>
        await AssertRefusedAsync($"/notes?cursor={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json))}");

    [Theory]
    [InlineData("x")]
    [InlineData("%25%25")]
    [InlineData("%C3%A9")]
    public async Task Cursor_ThatIsNoCursor_IsRefused(string cursor) => await AssertRefusedAsync($"/notes?cursor={cursor}");

    [Fact]
    public void Cursor_WithAnyByteChanged_IsRefused()
    {
        var seal = new CursorSeal("secret");
        var bytes = Base64Url.DecodeFromChars(seal.Close((At: DateTimeOffset.UnixEpoch, Number: long.MinValue), "list"));

        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.Null(seal.Open<(DateTimeOffset At, long Number)>(Base64Url.EncodeToString(bytes), "list"));
            bytes[i] ^= 1;
        }
    }

    [Fact]
    public void Cursor_AtAnotherReplicaWithTheSameSecret_IsGood()
    {
        var cursor = new CursorSeal("secret").Close((At: DateTimeOffset.UnixEpoch, Number: 7L), "list");

        Assert.Equal((DateTimeOffset.UnixEpoch, 7L), new CursorSeal("secret").Open<(DateTimeOffset At, long Number)>(cursor, "list"));
        Assert.Null(new CursorSeal("another").Open<(DateTimeOffset At, long Number)>(cursor, "list"));
        Assert.Null(new CursorSeal("secret").Open<(DateTimeOffset At, long Number)>(cursor, "another list"));
    }

    [Fact]
    public void Cursor_WhoseKeyHadAnotherShape_IsRefused()
    {
        var cursor = new CursorSeal("secret").Close(7L, "list");

        Assert.Null(new CursorSeal("secret").Open<Guid>(cursor, "list"));
    }

    private async Task<string?> AddAsync() => (string?)(await (await client.PostAsJsonAsync("/notes", new { text })).Content.ReadFromJsonAsync<JsonNode>())!["id"];

    private async Task<JsonNode> GetAsync(string address) => (await client.GetFromJsonAsync<JsonNode>(address))!;

    private async Task AssertRefusedAsync(string address)
    {
        var answer = await client.GetAsync(address);
        var problem = await answer.Content.ReadFromJsonAsync<JsonNode>();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("https://son1kvers3.dev/problems/validation", (string?)problem!["type"]);
        Assert.NotNull(problem["errors"]!["cursor"]);
    }
}
