using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;

namespace Son1kVers3.Stealth.Egress;

/// <summary>The body of a request, kept when it is small enough to be sent more than once.</summary>
internal sealed class ReplayBody
{
    /// <summary>Larger ones are streamed, once.</summary>
    private const int Largest = 1 << 20;
    private readonly byte[]? _bytes;

    private ReplayBody(byte[]? bytes) => _bytes = bytes;

    /// <summary>Whether it can be sent again.</summary>
    public bool IsKept => _bytes is not null;

    public static async Task<ReplayBody> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
            return new ReplayBody([]);
        // What does not say its length is streamed, too: an endless one would never begin.
        if (http.Request.ContentLength is not { } length || length > Largest)
            return new ReplayBody(null);
        var bytes = new byte[length];
        await http.Request.Body.ReadExactlyAsync(bytes, http.RequestAborted);
        return new ReplayBody(bytes);
    }

    /// <summary>Puts it in front of the forwarder, as if it had just come.</summary>
    public void Rewind(HttpContext http)
    {
        if (_bytes is { Length: > 0 })
            Set(http, _bytes);
    }

    /// <summary>The same with a member of its JSON object set.</summary>
    /// <exception cref="JsonException">It is no JSON object that could take one.</exception>
    public void RewindWith(HttpContext http, string member, string value)
    {
        if (_bytes is null || JsonNode.Parse(_bytes) is not JsonObject json)
            throw new JsonException("The body is no JSON object that the secret could be put in.");
        json[member] = value;
        Set(http, JsonSerializer.SerializeToUtf8Bytes(json));
    }

    private static void Set(HttpContext http, byte[] bytes)
    {
        http.Request.Body = new MemoryStream(bytes, writable: false);
        http.Request.ContentLength = bytes.Length;
    }
}
