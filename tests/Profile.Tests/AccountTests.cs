using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SkiaSharp;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class AccountTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Delete_WhenThePasswordIsRight_LeavesNothingAndTellsThePlatform()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        (await client.PutAsync("/api/profiles/me/avatar", Picture(64, 64))).EnsureSuccessStatusCode();
        await (await DeleteAsync(client, "not-the-Harbour-71")).IsProblemAsync(403, "wrong-password");
        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync(client, ProfileFixture.Password)).StatusCode);

        await (await client.GetAsync("/api/auth/me")).IsProblemAsync(401, "unauthorized");
        await (await client.RefreshAsync(member.RefreshToken)).IsProblemAsync(401, "invalid-refresh-token");
        await (await client.LoginAsync(member.Email, ProfileFixture.Password)).IsProblemAsync(401, "invalid-credentials");
        using var anonymous = fixture.Client();
        await (await anonymous.GetAsync($"/api/profiles/{member.Username}")).IsProblemAsync(404, "not-found");
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Bus.Heard<UserDeleted>().Any(e => e.UserId == member.Id && e.Sequence > 1)), "the platform hears of it");
        Assert.Equal(HttpStatusCode.Created, (await anonymous.PostAsJsonAsync(
            "/api/auth/register", new { email = member.Email, username = member.Username, password = ProfileFixture.Password })).StatusCode);
    }

    [Fact]
    public async Task Export_WhenAskedFor_GathersPartsAndGivesASignedAddress()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        var asked = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.PostAsync("/api/auth/export", null)));
        Assert.All(asked, a => Assert.Equal(HttpStatusCode.Accepted, a.StatusCode));
        var id = Assert.Single((await Task.WhenAll(asked.Select(async a => (Guid)(await a.JsonAsync())["id"]!))).Distinct());
        Assert.Equal($"/api/auth/export/{id}", asked[0].Headers.Location!.ToString());

        await Eventually.TrueAsync(async () => (int)(await GetAsync(client, id))["progress"]! == 20, "profile's own part is counted");
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Bus.Heard<ExportPart>().Any(p => p.ExportId == id)), "the part is sent");
        var part = Assert.Single(fixture.Bus.Heard<ExportPart>().Where(p => p.ExportId == id).DistinctBy(p => p.Index));
        Assert.True(part is { Service: "profile", Last: true });
        Assert.Contains(JsonNode.Parse(part.Json)!.AsArray(), item => (string)item!["kind"]! == "account" && (string)item["data"]!["email"]! == member.Email);
        Assert.DoesNotContain("hash", part.Json, StringComparison.OrdinalIgnoreCase);

        await fixture.Bus.PublishAsync(new ExportReady { EventId = Guid.CreateVersion7(), OccurredAt = fixture.Clock.GetUtcNow(), ExportId = id, UserId = member.Id, Bytes = 4711 });
        await Eventually.TrueAsync(async () => (string)(await GetAsync(client, id))["status"]! == "ready", "the export is ready");
        var ready = await GetAsync(client, id);
        Assert.Equal((100, 4711L), ((int)ready["progress"]!, (long)ready["bytes"]!));
        Assert.StartsWith($"/api/downloads/{id}/file?format=zip&viewer={member.Id}&expires=", (string)ready["url"]!, StringComparison.Ordinal);
        using var stranger = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        await (await stranger.GetAsync($"/api/auth/export/{id}")).IsProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public async Task Avatar_WhenUploaded_IsEncodedAnewAndAnnounced(SKEncodedImageFormat format)
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        using var uploaded = await client.PutAsync("/api/profiles/me/avatar", Picture(300, 120, format));
        var address = (string)(await uploaded.JsonAsync())["avatarUrl"]!;
        using var anonymous = fixture.Client();
        using var picture = await anonymous.GetAsync(address);
        Assert.Equal(("image/webp", true), (picture.Content.Headers.ContentType!.MediaType, picture.Headers.CacheControl!.ToString().Contains("immutable", StringComparison.Ordinal)));
        using var decoded = SKBitmap.Decode(await picture.Content.ReadAsByteArrayAsync());
        Assert.Equal((512, 512), (decoded.Width, decoded.Height));
        using var small = SKBitmap.Decode(await anonymous.GetByteArrayAsync(address + "&size=96"));
        Assert.Equal(96, small.Width);
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Bus.Heard<ProfileUpdated>().Any(e => e.UserId == member.Id && e.AvatarUrl == address)), "the picture is announced");

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync("/api/profiles/me/avatar")).StatusCode);
        await (await anonymous.GetAsync(address)).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Avatar_WhenItIsNoSoundPicture_IsRefused()
    {
        using var client = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        await (await client.PutAsync("/api/profiles/me/avatar", Form("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray()))).IsProblemAsync(415, "unsupported-image");
        await (await client.PutAsync("/api/profiles/me/avatar", Form(Bytes(200, 200, SKEncodedImageFormat.Png)[..400]))).IsProblemAsync(400, "validation");
        await (await client.PutAsync("/api/profiles/me/avatar", Form(Bytes(11_000, 1, SKEncodedImageFormat.Png)))).IsProblemAsync(400, "validation");
        await (await client.PutAsync("/api/profiles/me/avatar", Form(new byte[5_020_000]))).IsProblemAsync(413, "body-too-large");
        await (await client.PutAsJsonAsync("/api/profiles/me/avatar", new { })).IsProblemAsync(415, "unsupported-media-type");
        await (await client.PutAsync("/api/profiles/me/avatar", new MultipartFormDataContent())).IsProblemAsync(400, "validation");
    }

    [Fact]
    public async Task Settings_WhenReplaced_AreThoseAndMailsSpeakTheLanguage()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        using var put = await client.PutAsJsonAsync("/api/profiles/me/settings", new { language = "es", privacy = new { statsVisible = false }, analyticsOptOut = true });
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        var seen = await (await client.GetAsync("/api/profiles/me/settings")).JsonAsync();
        Assert.Equal(("es", true, false, true), ((string)seen["language"]!, (bool)seen["privacy"]!["followsVisible"]!, (bool)seen["privacy"]!["statsVisible"]!, (bool)seen["analyticsOptOut"]!));
        await client.PostAsJsonAsync("/api/auth/password/reset", new { email = member.Email });
        Assert.Contains(await fixture.MailsAsync(member.Email), m => (string)m["subject"]! == "Elige una contraseña nueva");
        await (await client.PutAsJsonAsync("/api/profiles/me/settings", new { language = "xx" })).IsProblemAsync(400, "validation");
    }

    private static async Task<JsonNode> GetAsync(HttpClient client, Guid id) => await (await client.GetAsync($"/api/auth/export/{id}")).JsonAsync();

    private static Task<HttpResponseMessage> DeleteAsync(HttpClient client, string password) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/auth/me") { Content = JsonContent.Create(new { password }) });

    private static MultipartFormDataContent Picture(int width, int height, SKEncodedImageFormat format = SKEncodedImageFormat.Png) => Form(Bytes(width, height, format));

    private static MultipartFormDataContent Form(byte[] bytes)
    {
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return new MultipartFormDataContent { { file, "avatar", "me.png" } };
    }

    private static byte[] Bytes(int width, int height, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Coral);
        canvas.DrawCircle(width / 3f, height / 2f, height / 3f, new SKPaint { Color = SKColors.Teal });
        return bitmap.Encode(format, 90).ToArray();
    }
}
