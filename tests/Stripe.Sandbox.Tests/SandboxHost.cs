using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace Son1kVers3.Stripe.Sandbox.Tests;

/// <summary>A sandbox on a real port of its own, and a small client that speaks to it as a caller of Stripe does.</summary>
internal sealed class SandboxHost : IAsyncDisposable
{
    public const string Key = "sk_test_of_the_tests";

    private readonly WebApplication _app;

    private SandboxHost(WebApplication app, HttpClient http) => (_app, Http) = (app, http);

    public HttpClient Http { get; }

    public static async Task<SandboxHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var arguments = settings.Select(pair => $"--Sandbox:{pair.Name}={pair.Value}");
        var app = SandboxApplication.Build(
            ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", $"--Sandbox:SecretKey={Key}", .. arguments]);
        await app.StartAsync();
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return new SandboxHost(app, http);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, "");

    public Task<Answer> PostAsync(string path, string form, string? key = null) => SendAsync(HttpMethod.Post, path, form, key);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, "");

    /// <summary>Sends <c>a=b&amp;c[d]=e</c> as a form; values are escaped here.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, string form, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (form.Length > 0)
        {
            request.Content = new FormUrlEncodedContent(form.Split('&').Select(pair => pair.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1])));
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await Http.SendAsync(request);
        return new Answer((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject(), response.Headers);
    }

    /// <summary>A call of the test control.</summary>
    public async Task<JsonObject> ControlAsync(string path, object? body = null)
    {
        using var response = await Http.PostAsJsonAsync($"/_sandbox/{path}", body ?? new { });
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {text}");
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }
}

internal sealed record Answer(int Status, JsonObject Json, HttpResponseHeaders Headers)
{
    public string Id => Text("id");

    public JsonObject Ok => Status == 200 ? Json : throw new InvalidOperationException($"{Status}: {Json}");

    public JsonArray Data => Ok["data"]!.AsArray();

    public string Text(string name) => (string)Ok[name]!;

    public string? Error(string name) => (string?)Json["error"]?[name];
}
