using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Tokens;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Sessions;

/// <summary>A sign-in that lasts.</summary>
/// <param name="Id">To sign it out by.</param>
/// <param name="Name">What the client says it is.</param>
/// <param name="Address">Its IP address at the sign-in.</param>
/// <param name="Current">The one that asks.</param>
/// <param name="CreatedAt">When it signed in.</param>
/// <param name="LastUsedAt">When it last got new tokens.</param>
internal sealed record DeviceView(Guid Id, string? Name, string? Address, bool Current, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt);

/// <summary>Where one is signed in, and signing out from afar.</summary>
internal static class DeviceEndpoints
{
    public static void MapDevices(this WebApplication app)
    {
        var devices = app.MapGroup("/api/auth/devices").WithTags("Sign-in").RequireAuthorization().RequireSession();
        devices.MapGet("", ListAsync);
        devices.MapDelete("", SignOutOthersAsync);
        devices.MapDelete("/{id:guid}", SignOutAsync);
    }

    /// <summary>The session that a token was issued in; null for a token that stands for an API key.</summary>
    public static Guid? SessionIdOrNull(this ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(AccessTokens.SessionClaim), out var id) ? id : null;

    [EndpointName("ListDevices"), EndpointSummary("Where the caller is signed in, newest first")]
    [EndpointDescription("One entry for each sign-in that has not ended. `current` is the one that asks.")]
    private static async Task<Ok<Page<DeviceView>>> ListAsync(
        PageQuery page, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (account, current, now, after) = (user.Id(), user.SessionIdOrNull(), clock.GetUtcNow(), page.After<Guid>());
        var rows = await db.Set<Session>().Where(s => s.AccountId == account && s.RevokedAt == null && s.ExpiresAt > now
                && (after == null || s.Id.CompareTo(after.Value) < 0))
            .OrderByDescending(s => s.Id).Take(page.Limit + 1)
            .Select(s => new DeviceView(s.Id, s.DeviceName, s.DeviceAddress, s.Id == current, s.CreatedAt, s.ExpiresAt - Session.Lifetime))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<DeviceView>.Of(rows, page, d => d.Id));
    }

    [EndpointName("SignOutDevice"), EndpointSummary("Sign out one device")]
    [EndpointDescription("It gets no new tokens; the access token that it may still hold runs out by itself, within 15 minutes.")]
    private static async Task<NoContent> SignOutAsync(
        Guid id, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var account = user.Id();
        var ended = await EndAsync(db.Set<Session>().Where(s => s.Id == id && s.AccountId == account && s.RevokedAt == null), clock, cancellationToken);
        return ended > 0 ? TypedResults.NoContent() : throw Problem.NotFound("device");
    }

    [EndpointName("SignOutOtherDevices"), EndpointSummary("Sign out everywhere but here")]
    [EndpointDescription("Doing it again does no harm.")]
    private static async Task<NoContent> SignOutOthersAsync(
        [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (account, current) = (user.Id(), user.SessionIdOrNull());
        await EndAsync(db.Set<Session>().Where(s => s.AccountId == account && s.Id != current && s.RevokedAt == null), clock, cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task<int> EndAsync(IQueryable<Session> sessions, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return sessions.ExecuteUpdateAsync(row => row.SetProperty(s => s.RevokedAt, now), cancellationToken);
    }
}
