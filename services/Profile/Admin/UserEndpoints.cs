using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Alvae;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Entitlements;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Admin;

/// <summary>A member as operators see them.</summary>
internal sealed record UserView(
    Guid Id, string Username, string DisplayName, string Email, bool EmailVerified, IReadOnlyList<string> Roles, Tier Tier, string? AlvaeId, DateTimeOffset CreatedAt);

/// <summary>Members for operators, and who is one.</summary>
internal static class UserEndpoints
{
    private const int LongestSearch = 254;

    public static void MapUsers(this WebApplication app)
    {
        var users = app.MapGroup("/api/admin/users").WithTags("Operators").RequireAuthorization(Roles.Operator);
        users.MapGet("", ListAsync);
        users.MapPut("/{id:guid}/operator", PromoteAsync);
        users.MapDelete("/{id:guid}/operator", DemoteAsync).Refuses(409);
    }

    [EndpointName("ListUsers"), EndpointSummary("Members, newest first (operators)")]
    [EndpointDescription("`q` finds a part of the username, the display name or the address, without regard to case.")]
    private static async Task<Ok<Page<UserView>>> ListAsync(string? q, PageQuery page, [FromServices] ProfileDb db, CancellationToken cancellationToken)
    {
        if (q?.Length > LongestSearch)
            throw Problem.Invalid("q", $"At most {LongestSearch} characters.");
        var (after, pattern) = (page.After<Guid>(), string.IsNullOrWhiteSpace(q) ? null : $"%{Like.Escape(q.Trim())}%");
        var rows = await db.Set<Account>().Where(a => (after == null || a.Id.CompareTo(after.Value) < 0)
                && (pattern == null || EF.Functions.ILike(a.Username, pattern) || EF.Functions.ILike(a.DisplayName, pattern) || EF.Functions.ILike(a.Email, pattern)))
            .OrderByDescending(a => a.Id).Take(page.Limit + 1)
            .Select(a => new
            {
                Account = a,
                Tier = db.Set<Entitlement>().Where(e => e.AccountId == a.Id).Select(e => (Tier?)e.Tier).FirstOrDefault(),
                Alvae = db.Set<AlvaeGrant>().Where(g => g.AccountId == a.Id && g.RevokedAt == null).Select(g => (int?)g.Number).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        return TypedResults.Ok(Page.Of(rows, page, r => r.Account.Id, r => View(r.Account, r.Tier ?? Tier.Free, r.Alvae)));
    }

    [EndpointName("MakeOperator"), EndpointSummary("Make a member an operator (FOUNDER only)")]
    [EndpointDescription("The role is in the member's next access token, within 15 minutes or at the next sign-in. Again: 204. 403 `founder-only`.")]
    private static Task<NoContent> PromoteAsync(Guid id, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        SetAsync(id, isOperator: true, db, user, cancellationToken);

    [EndpointName("UnmakeOperator"), EndpointSummary("Take an operator's role away (FOUNDER only)")]
    [EndpointDescription("Ends the member's sessions; an access token that is still held runs out within 15 minutes. 403 `founder-only`; 409 `founder-stays`.")]
    private static Task<NoContent> DemoteAsync(Guid id, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        SetAsync(id, isOperator: false, db, user, cancellationToken);

    private static async Task<NoContent> SetAsync(Guid id, bool isOperator, ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var account = await db.LockAccountAsync(id, cancellationToken) ?? throw Problem.NotFound("member");
        if (!await db.IsFounderAsync(user.Id(), cancellationToken))
            throw Problem.Of(403, "founder-only", "Only the FOUNDER makes operators.");
        if (!isOperator && await db.IsFounderAsync(id, cancellationToken))
            throw Problem.Of(409, "founder-stays", "The FOUNDER stays an operator.");
        if (account.IsOperator && !isOperator)
            await db.Set<Session>().Where(s => s.AccountId == id).ExecuteDeleteAsync(cancellationToken);
        account.IsOperator = isOperator;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static UserView View(Account account, Tier tier, int? alvae) => new(
        account.Id, account.Username, account.DisplayName, account.Email, account.EmailVerifiedAt is not null, account.Roles, tier,
        alvae is { } number ? AlvaeLevels.IdOf(number) : null, account.CreatedAt);
}
