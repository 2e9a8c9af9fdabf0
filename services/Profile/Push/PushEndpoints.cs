using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.Profile.Tokens;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Push;

/// <summary>What a browser subscribes with.</summary>
/// <param name="PublicKey">The installation's key, base64url: the <c>applicationServerKey</c>.</param>
internal sealed record PushKeyView(string PublicKey);

/// <summary>A browser's <c>PushSubscription</c>, as its <c>toJSON()</c> gives it.</summary>
internal sealed record PushRequest(string? Endpoint, PushKeysRequest? Keys);

/// <summary>The browser's keys, base64url.</summary>
internal sealed record PushKeysRequest(string? P256dh, string? Auth);

/// <summary>The subscription that ends.</summary>
internal sealed record PushEndRequest(string? Endpoint);

internal sealed class PushRules : AbstractValidator<PushRequest>
{
    private const int LongestEndpoint = 2000;
    private const int PointBytes = 65;
    private const int AuthBytes = 16;

    public PushRules(PushSender sender)
    {
        RuleFor(r => r.Endpoint).Must(endpoint => IsEndpoint(endpoint, sender.AllowsLocal)).WithMessage("The https address that the browser gave.");
        RuleFor(r => r.Keys).NotNull().WithMessage("The browser's keys.");
        RuleFor(r => r.Keys!.P256dh).Must(IsPoint).WithMessage("A P-256 public key, uncompressed, in base64url.").When(r => r.Keys is not null).OverridePropertyName("keys.p256dh");
        RuleFor(r => r.Keys!.Auth).Must(auth => Decode(auth) is { Length: AuthBytes }).WithMessage("16 bytes in base64url.").When(r => r.Keys is not null)
            .OverridePropertyName("keys.auth");
    }

    private static bool IsEndpoint(string? endpoint, bool allowsLocal) =>
        endpoint is { Length: <= LongestEndpoint } && !endpoint.Any(char.IsControl) && Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (allowsLocal && uri.Scheme == Uri.UriSchemeHttp)) && uri.UserInfo.Length == 0;

    private static bool IsPoint(string? text)
    {
        if (Decode(text) is not { Length: PointBytes } bytes || bytes[0] != 4)
            return false;
        try
        {
            using var key = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = bytes[1..33], Y = bytes[33..] } });
            return true;
        }
        catch (CryptographicException)
        {
            // Not on the curve.
            return false;
        }
    }

    private static byte[]? Decode(string? text) => text is { Length: < 200 } && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}

/// <summary>Web Push: browsers that are told of notifications while the app is closed.</summary>
internal static class PushEndpoints
{
    private const int MostSubscriptions = 20;

    public static void AddPush(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PushKeys>().AddSingleton<PushSender>().AddSingleton<PushQueue>().AddWorker<PushDelivery>();
        builder.Services.AddPersonalTable("push-subscription", export: null, PersonalTables.EraseFrom("push_subscriptions", "account_id"));
    }

    public static void MapPush(this WebApplication app)
    {
        var push = app.MapGroup("/api/notifications/push").WithTags("Notifications").RequireAuthorization();
        push.MapGet("/key", Key);
        push.MapPost("", SubscribeAsync).RequireSession();
        push.MapDelete("", UnsubscribeAsync).RequireSession();
    }

    [EndpointName("GetPushKey"), EndpointSummary("The key that a browser subscribes with"), EndpointDescription("The `applicationServerKey`, base64url. It stays.")]
    private static Ok<PushKeyView> Key([FromServices] PushKeys keys) => TypedResults.Ok(new PushKeyView(keys.PublicKey));

    [EndpointName("SubscribePush"), EndpointSummary("Tell this browser of notifications")]
    [EndpointDescription("The browser's `PushSubscription`. Doing it again replaces its keys. It ends with the sign-in that it was made in; of more than 20 the oldest go.")]
    private static async Task<NoContent> SubscribeAsync(
        Body<PushRequest> body, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        var (account, session, now) = (user.Id(), user.SessionIdOrNull() ?? throw AccountQueries.Gone(), clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockAccountAsync(account, cancellationToken) is null
            || !await db.Set<Session>().AnyAsync(s => s.Id == session && s.AccountId == account && s.RevokedAt == null, cancellationToken))
            throw AccountQueries.Gone();
        // A browser has one subscription, whoever is signed in: the one before is not told any more, also not of what still waits for it.
        await db.Set<PushSubscription>().Where(s => s.Endpoint == request.Endpoint).ExecuteDeleteAsync(cancellationToken);
        db.Add(new PushSubscription
        {
            Id = Guid.CreateVersion7(now),
            AccountId = account,
            SessionId = session,
            Endpoint = request.Endpoint!,
            P256dh = request.Keys!.P256dh!,
            Auth = request.Keys.Auth!,
            CreatedAt = now,
        });
        await db.SaveChangesAsync(cancellationToken);
        var oldest = db.Set<PushSubscription>().Where(s => s.AccountId == account).OrderByDescending(s => s.Id).Skip(MostSubscriptions).Select(s => s.Id);
        await db.Set<PushSubscription>().Where(s => oldest.Contains(s.Id)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    [EndpointName("UnsubscribePush"), EndpointSummary("Tell this browser no longer"), EndpointDescription("By its `endpoint`. Doing it again does no harm.")]
    private static async Task<NoContent> UnsubscribeAsync(
        Body<PushEndRequest> body, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (request, account) = (await body.ReadAsync(), user.Id());
        await db.Set<PushSubscription>().Where(s => s.AccountId == account && s.Endpoint == request.Endpoint).ExecuteDeleteAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
