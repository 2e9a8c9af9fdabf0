using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Son1kVers3.Profile.Tests;

/// <summary>A push service that checks the sender as RFC 8292 says and opens messages as the browser would (RFC 8188, 8291).</summary>
internal sealed class FakePushService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Browser, JsonNode Payload)> _messages = [];
    private readonly ConcurrentDictionary<string, FakeBrowser> _browsers = [];
    private int _attempts;

    private FakePushService()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapPost("/{browser}", TakeAsync);
    }

    /// <summary>What is answered instead of 201.</summary>
    public int? Refusal { get; set; }
    public int Attempts => _attempts;
    public IReadOnlyList<JsonNode> MessagesOf(FakeBrowser browser) => [.. _messages.Where(m => m.Browser == browser.Name).Select(m => m.Payload)];

    public static async Task<FakePushService> StartAsync()
    {
        var service = new FakePushService();
        await service._app.StartAsync();
        return service;
    }

    public FakeBrowser NewBrowser(string applicationServerKey)
    {
        var browser = new FakeBrowser(_app.Urls.First(), applicationServerKey);
        _browsers[browser.Name] = browser;
        return browser;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> TakeAsync(string browser, HttpRequest request)
    {
        Interlocked.Increment(ref _attempts);
        if (Refusal is { } refusal)
            return Results.StatusCode(refusal);
        var known = _browsers[browser];
        // Without the port: the library leaves it out, and real push services have none.
        if (!known.Accepts(request.Headers.Authorization.ToString(), $"{request.Scheme}://{request.Host.Host}"))
            return Results.StatusCode(403);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        _messages.Enqueue((browser, JsonNode.Parse(known.Open(body.ToArray()))!));
        return Results.StatusCode(201);
    }
}

/// <summary>A browser's side of a subscription.</summary>
internal sealed class FakeBrowser(string service, string applicationServerKey)
{
    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _auth = RandomNumberGenerator.GetBytes(16);

    public string Name { get; } = Guid.NewGuid().ToString("N");
    public string Endpoint => $"{service}/{Name}";
    private byte[] Point => PointOf(_key.ExportParameters(false).Q);

    public Task<HttpResponseMessage> SubscribeAsync(HttpClient client) => client.PostAsJsonAsync("/api/notifications/push", new
    {
        endpoint = Endpoint,
        expirationTime = (long?)null,
        keys = new { p256dh = Base64Url.EncodeToString(Point), auth = Base64Url.EncodeToString(_auth) },
    });

    /// <summary>The token is for this service, signed with the key that the browser subscribed with, and good for a day at most.</summary>
    public bool Accepts(string authorization, string origin)
    {
        var parts = authorization["vapid ".Length..].Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var token = parts["t"].Split('.');
        var point = Base64Url.DecodeFromChars(parts["k"]);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = point[1..33], Y = point[33..] } });
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(token[1]))!;
        var expires = DateTimeOffset.FromUnixTimeSeconds((long)claims["exp"]!);
        return parts["k"] == applicationServerKey && (string)claims["aud"]! == origin && expires > TimeProvider.System.GetUtcNow() && expires < TimeProvider.System.GetUtcNow().AddDays(1)
            && key.VerifyData(Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"), Base64Url.DecodeFromChars(token[2]), HashAlgorithmName.SHA256);
    }

    /// <summary>Salt (16), record size (4), length of the sender's key (1), that key (65), one record.</summary>
    public byte[] Open(byte[] body)
    {
        var (salt, sender, cipher) = (body[..16], body[21..86], body[86..]);
        using var senderKey = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = sender[1..33], Y = sender[33..] } });
        var secret = _key.DeriveRawSecretAgreement(senderKey.PublicKey);
        var input = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, _auth, [.. "WebPush: info\0"u8, .. Point, .. sender]);
        using var aes = new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray()), 16);
        var plain = new byte[cipher.Length - 16];
        aes.Decrypt(HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 12, salt, "Content-Encoding: nonce\0"u8.ToArray()), cipher[..^16], cipher[^16..], plain);
        return plain[..Array.LastIndexOf(plain, (byte)2)];
    }

    private static byte[] PointOf(ECPoint q) => [4, .. q.X!, .. q.Y!];
}
