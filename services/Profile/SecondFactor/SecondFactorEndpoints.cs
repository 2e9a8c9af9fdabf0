using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OtpNet;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.SecondFactor;

/// <summary>What an authenticator app is given.</summary>
/// <param name="Secret">To type in, base32.</param>
/// <param name="Uri">To show as a QR code, <c>otpauth://totp/…</c>.</param>
internal sealed record AuthenticatorView(string Secret, string Uri)
{
    // A record prints its members; this one must not.
    public override string ToString() => nameof(AuthenticatorView);
}

/// <summary>The six digits of the app.</summary>
internal sealed record CodeRequest(string? Code);

internal sealed class CodeRules : AbstractValidator<CodeRequest>
{
    public CodeRules() => RuleFor(r => r.Code).NotEmpty().WithMessage("The six digits that the app shows.").Line(20);
}

/// <summary>Each stands for the app once.</summary>
internal sealed record RecoveryCodesView(IReadOnlyList<string> RecoveryCodes)
{
    // A record prints its members; this one must not.
    public override string ToString() => nameof(RecoveryCodesView);
}

/// <summary>The second factor of signing in.</summary>
internal static class SecondFactorEndpoints
{
    private const string Issuer = "Son1kVers3";

    /// <summary>A session that is no older than this has just shown the password.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);

    public static void AddSecondFactor(this WebApplicationBuilder builder) => builder.Services.AddScoped<SecondFactors>();

    public static void MapSecondFactor(this WebApplication app)
    {
        var totp = app.MapGroup("/api/auth/totp").WithTags("Sign-in").RequireAuthorization().RequireSession();
        totp.MapPost("", BeginAsync).Refuses(409);
        totp.MapPost("/confirm", ConfirmAsync).Refuses(404, 409, 429);
        totp.MapDelete("", RemoveAsync).Refuses(404);
    }

    [EndpointName("BeginSecondFactor"), EndpointSummary("Set up an authenticator app")]
    [EndpointDescription("A new secret, in this answer only, for RFC 6238 (SHA-1, 30 s, 6 digits). It counts once it is confirmed. 409 `second-factor-active`.")]
    private static async Task<Ok<AuthenticatorView>> BeginAsync(
        [FromServices] ProfileDb db, [FromServices] SecondFactors factors, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var id = user.Id();
        var name = await db.Set<Account>().Where(a => a.Id == id).Select(a => a.Username).FirstOrDefaultAsync(cancellationToken) ?? throw AccountQueries.Gone();
        var secret = await factors.BeginAsync(id, cancellationToken);
        return TypedResults.Ok(new AuthenticatorView(secret, new OtpUri(OtpType.Totp, secret, name, Issuer).ToString()));
    }

    [EndpointName("ConfirmSecondFactor"), EndpointSummary("Activate the second factor with a first code")]
    [EndpointDescription("From now on signing in takes `code`. The ten recovery codes are in this answer only; each is good once.")]
    private static async Task<Ok<RecoveryCodesView>> ConfirmAsync(
        Body<CodeRequest> body, [FromServices] SecondFactors factors, [FromServices] LoginThrottle throttle, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        await throttle.ReserveAsync(user.Id().ToString(), address: null, cancellationToken);
        var codes = await factors.ConfirmAsync(user.Id(), request.Code!, cancellationToken);
        await throttle.SucceededAsync(user.Id().ToString(), address: null, cancellationToken);
        return TypedResults.Ok(new RecoveryCodesView(codes));
    }

    [EndpointName("RemoveSecondFactor"), EndpointSummary("Sign in without a second factor again")]
    [EndpointDescription("Only within ten minutes of signing in with it: 403 `recent-sign-in-required`, so that an open session alone can't take it away.")]
    private static async Task<NoContent> RemoveAsync(
        [FromServices] ProfileDb db, [FromServices] SecondFactors factors, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (id, session, since) = (user.Id(), user.SessionIdOrNull(), clock.GetUtcNow() - Recent);
        var active = await factors.IsActiveAsync(id, cancellationToken);
        if (active && !await db.Set<Session>().AnyAsync(s => s.Id == session && s.AccountId == id && s.RevokedAt == null && s.CreatedAt > since, cancellationToken))
            throw Problem.Of(403, "recent-sign-in-required", "Sign out and in again, then repeat this within ten minutes.");
        return await factors.RemoveAsync(id, cancellationToken) ? TypedResults.NoContent() : throw Problem.NotFound("second factor");
    }
}
