using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.Testing;

namespace Son1kVers3.ServiceDefaults.Tests;

/// <summary>A service without database or broker, and a profile whose keys change and which can be away.</summary>
[Trait("Category", "Unit")]
public sealed class TokenTests : IAsyncLifetime
{
    private readonly MovableClock clock = new();
    private readonly Guid user = Guid.CreateVersion7();
    private WebApplication profile = null!;
    private WebApplication service = null!;
    private volatile ECDsaSecurityKey[] published = [NewKey()];
    private volatile bool away;
    private int asked;

    public async Task InitializeAsync()
    {
        var jwks = WebApplication.CreateSlimBuilder();
        jwks.WebHost.UseUrls("http://127.0.0.1:0");
        jwks.Logging.ClearProviders();
        profile = jwks.Build();
        profile.MapGet("/.well-known/jwks.json", () =>
        {
            Interlocked.Increment(ref asked);
            return away ? Results.StatusCode(503) : Results.Json(new { keys = published.Select(Public) });
        });
        await profile.StartAsync();

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(TokenTests).Assembly.GetName().Name });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["services:profile:http:0"] = profile.Urls.Single();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddServiceDefaults("sample");
        service = builder.Build();
        service.UseServiceDefaults();
        service.MapGet("/me", (ClaimsPrincipal me) => me.Id()).RequireAuthorization();
        await service.StartAsync();
        await Eventually.TrueAsync(async () => (await Client().GetAsync("/health")).IsSuccessStatusCode, "the keys are here");
    }

    public async Task DisposeAsync()
    {
        await service.DisposeAsync();
        await profile.DisposeAsync();
    }

    [Fact]
    public async Task Token_OfAKeyThatIsNew_IsGoodAtOnce()
    {
        var fresh = NewKey();
        published = [published[0], fresh];

        Assert.Equal(HttpStatusCode.OK, await MeAsync(Issue(fresh)));
    }

    [Fact]
    public async Task Tokens_OfAKeyThatNobodyKnows_AskProfileAtMostOnceASecond()
    {
        var foreign = NewKey();
        var before = asked;
        var begun = TimeProvider.System.GetTimestamp();

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => MeAsync(Issue(foreign)))), status => Assert.Equal(HttpStatusCode.Unauthorized, status));

        Assert.InRange(asked - before, 0, 2 + (int)TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
    }

    [Fact]
    public async Task Outage_OfProfile_SignsNobodyOut()
    {
        var token = Issue(published[0]);
        away = true;

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(Issue(NewKey())));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(token));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(Issue(published[0])));
        Assert.True((await Client().GetAsync("/health")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Token_SeenBefore_StillEndsWhenItExpires_AndWhenItsOwnerIsDeleted()
    {
        var token = Issue(published[0]);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(token));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(token));

        service.Services.GetRequiredService<DeletedMembers>().Add(user, clock.GetUtcNow());
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(token));
        clock.Advance(DeletedMembers.Keep);
        Assert.False(service.Services.GetRequiredService<DeletedMembers>().Contains(user));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(token));
    }

    [Fact]
    public async Task Token_SeenBefore_IsVoid_WhenItsKeyIsNoLongerPublished()
    {
        var token = Issue(published[0]);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(token));
        var fresh = NewKey();
        published = [fresh];
        await Eventually.TrueAsync(async () => await MeAsync(Issue(fresh)) == HttpStatusCode.OK, "the new key is known");

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(token));
    }

    private static ECDsaSecurityKey NewKey()
    {
        var key = new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return key;
    }

    private static object Public(ECDsaSecurityKey key)
    {
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(key);
        return new { jwk.Kty, jwk.Crv, jwk.X, jwk.Y, jwk.Kid, use = "sig", alg = "ES256" };
    }

    private string Issue(SecurityKey key)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "son1kvers3",
            Audience = "son1kvers3",
            Subject = new ClaimsIdentity([new Claim("sub", user.ToString()), new Claim("jti", Guid.NewGuid().ToString())]),
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
            NotBefore = now,
            IssuedAt = now,
            Expires = now.AddMinutes(15),
        });
    }

    private HttpClient Client() => new() { BaseAddress = new Uri(service.Urls.Single()) };

    private async Task<HttpStatusCode> MeAsync(string token)
    {
        using var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await client.GetAsync("/me")).StatusCode;
    }
}

[Collection(SampleCollection.Name)]
[Trait("Category", "Integration")]
public sealed class DeletedMemberTests(SampleFixture sample)
{
    [Fact]
    public async Task Member_WhenDeleted_Is401InEveryService_AlsoInOneThatStartsLater()
    {
        var member = Guid.CreateVersion7();
        var client = sample.Service.Client(member);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/notes")).StatusCode);

        await sample.Bus.PublishAsync(new UserDeleted { EventId = Guid.CreateVersion7(), OccurredAt = TimeProvider.System.GetUtcNow(), UserId = member, Sequence = 2 });
        await Eventually.TrueAsync(async () => (await client.GetAsync("/notes")).StatusCode == HttpStatusCode.Unauthorized, "the token is void");

        await using var later = await SampleService.StartAsync(beside: sample.Service);
        await Eventually.TrueAsync(async () => (await later.Client(member).GetAsync("/notes")).StatusCode == HttpStatusCode.Unauthorized, "the later replica knows it, too");
        Assert.Equal(HttpStatusCode.OK, (await sample.Service.Client(Guid.CreateVersion7()).GetAsync("/notes")).StatusCode);
    }

    [Fact]
    public async Task WhoDeletesAMember_CanWaitUntilTheBrokerHasToldOfIt()
    {
        var member = Guid.CreateVersion7();
        var deleted = sample.Service.Services.GetRequiredService<DeletedMembers>();
        using var news = deleted.Expect(member);
        await news.HeardAsync(TimeSpan.FromMilliseconds(100));
        Assert.False(deleted.Contains(member));

        await sample.Bus.PublishAsync(new UserDeleted { EventId = Guid.CreateVersion7(), OccurredAt = TimeProvider.System.GetUtcNow(), UserId = member, Sequence = 2 });
        await news.HeardAsync(TimeSpan.FromMinutes(1));
        Assert.True(deleted.Contains(member));
    }
}
