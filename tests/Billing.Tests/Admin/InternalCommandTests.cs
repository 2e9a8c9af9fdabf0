using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Son1kVers3.Billing.Tests.Hosting;

namespace Son1kVers3.Billing.Tests.Admin;

[Trait("Category", "Integration")]
public class InternalCommandTests
{
    [Fact]
    public async Task LedgerCheck_WithTheCredentialOnly_AnswersTheDifferences()
    {
        await using var app = new BillingApp();
        app.Settings["Internal:Credential"] = "of-the-installation";
        await app.InitializeAsync();

        using var report = await SendAsync(app, "of-the-installation");

        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
        Assert.Equal(0, (await report.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("differences").GetInt32());
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(app, "another")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(app, null)).StatusCode);
    }

    [Fact]
    public async Task LedgerCheck_WithoutAConfiguredCredential_LetsNobodyIn()
    {
        await using var app = new BillingApp();
        await app.InitializeAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(app, "")).StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(BillingApp app, string? credential)
    {
        using var client = app.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/commands/ledger-check");
        if (credential is not null)
            request.Headers.TryAddWithoutValidation("X-Service-Credential", credential);
        return await client.SendAsync(request);
    }
}
