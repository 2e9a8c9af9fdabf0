using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Son1kVers3.Generation.Tests;

/// <summary>What a refusal advises is what helps.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class ErrorTextTests(GenerationFixture fixture)
{
    [Theory]
    [InlineData("/api/generations", "text/plain", "application/json")]
    [InlineData("/api/generations", "application/x-www-form-urlencoded", "application/json")]
    [InlineData("/api/generations", "multipart/form-data; boundary=x", "application/json")]
    [InlineData("/api/generations", "application/json; charset=iso-8859-1", "UTF-8")]
    [InlineData("/api/downloads", "text/plain", "application/json")]
    [InlineData("/api/voice-memos", "audio/wav", "multipart/form-data, in the field 'audio'")]
    [InlineData("/api/voice-memos", "application/json", "multipart/form-data, in the field 'audio'")]
    [InlineData("/api/voice-memos", "application/octet-stream", "multipart/form-data, in the field 'audio'")]
    public async Task Body_OfAnotherType_IsToldWhichIsTaken(string path, string type, string advice)
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"prompt":"x"}""")) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

        using var answer = await client.PostAsync(path, body);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains(advice, await DetailAsync(answer), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Accept-Encoding"));
    }

    [Theory]
    [InlineData("/api/generations", "application/json", "gzip")]
    [InlineData("/api/generations", "application/json", "br")]
    [InlineData("/api/downloads", "application/json", "gzip")]
    [InlineData("/api/voice-memos", "multipart/form-data; boundary=x", "gzip")]
    public async Task Body_WhenItIsCompressed_Is415WithWhatIsTaken(string path, string type, string encoding)
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("""{"prompt":"x"}"""));
        using var body = new ByteArrayContent(
            packed.ToArray())
        { Headers = { ContentType = MediaTypeHeaderValue.Parse(type), ContentEncoding = { encoding } } };

        using var answer = await client.PostAsync(path, body);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("Content-Encoding", await DetailAsync(answer), StringComparison.Ordinal);
        Assert.Equal(["identity"], answer.Headers.GetValues("Accept-Encoding"));
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!.GetValue<string>();
}
