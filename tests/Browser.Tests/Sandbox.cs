using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Son1kVers3.Browser.Tests;

/// <summary>The payment sandbox, spoken to as billing does.</summary>
internal sealed class Sandbox : IDisposable
{
    private readonly HttpClient _client;

    private Sandbox(HttpClient client) => _client = client;

    public static async Task<Sandbox> OpenAsync(BrowserPlatform platform)
    {
        var secrets = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(Path.Combine(platform.DataFolder, "secrets.json")))!;
        var client = platform.CreateServiceClient("stripe");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secrets["stripe-sandbox-key"]);
        return new Sandbox(client);
    }

    /// <summary>Lets a customer live at another time, from before a checkout is paid on.</summary>
    /// <param name="payPage">The address of the open checkout.</param>
    /// <param name="at">The time there.</param>
    /// <returns>The clock, for <see cref="AdvanceAsync"/>.</returns>
    public async Task<string> SetClockAsync(Uri payPage, DateTimeOffset at)
    {
        var session = JsonNode.Parse(await _client.GetStringAsync($"/v1/checkout/sessions/{payPage.Segments[^1]}"))!;
        return (string)(await PostAsync("/v1/test_helpers/test_clocks", ("frozen_time", Seconds(at)), ("customer", (string)session["customer"]!)))["id"]!;
    }

    /// <summary>Time goes by for the customers of a clock: what falls due is charged.</summary>
    public Task AdvanceAsync(string clock, DateTimeOffset to) => PostAsync($"/v1/test_helpers/test_clocks/{clock}/advance", ("frozen_time", Seconds(to)));

    public void Dispose() => _client.Dispose();

    private static string Seconds(DateTimeOffset at) => FormattableString.Invariant($"{at.ToUnixTimeSeconds()}");

    private async Task<JsonNode> PostAsync(string path, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.ToDictionary(field => field.Name, field => field.Value));
        using var answer = await _client.PostAsync(path, content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }
}
