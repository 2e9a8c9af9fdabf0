using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Alvae;

/// <summary>Who is to get which badge.</summary>
internal sealed record GrantRequest(string? Username, AlvaeLevel? Level, string? Note);

internal sealed class GrantRules : AbstractValidator<GrantRequest>
{
    public GrantRules()
    {
        RuleFor(r => r.Username).Must(name => name is not null && AccountRules.IsUsername(name)).WithMessage("A member's username.");
        RuleFor(r => r.Level).Must(level => level is AlvaeLevel.Tester or AlvaeLevel.EarlyAdopter).WithMessage("TESTER or EARLY_ADOPTER.");
        RuleFor(r => r.Note).Prose(500);
    }
}

/// <summary>A badge that was granted just now.</summary>
internal sealed record GrantDto(string AlvaeId, AlvaeLevel Level, string Border, Guid UserId, string Username, string? Note, DateTimeOffset GrantedAt);

/// <summary>One of the members with a badge.</summary>
internal sealed record AlvaeMemberDto(string AlvaeId, AlvaeLevel Level, string Border, string Username, string DisplayName, DateTimeOffset GrantedAt);

/// <summary>The caller's badge and what comes with it; all null without one.</summary>
internal sealed record AlvaeStatusDto(bool Member, string? AlvaeId, AlvaeLevel? Level, string? Border, DateTimeOffset? GrantedAt, AlvaeBenefits? Benefits);

/// <summary>What comes with a level; null: unlimited generations, ordinary fees.</summary>
internal sealed record AlvaeBenefits(int? GenerationsPerMonth, int RevenueSharePercent, int? PlatformFeePercent, IReadOnlyList<string> Features);

/// <summary>The ALVAE badges ("Alpha Level Visionary Access Elite"): who has one, and the FOUNDER's right to give them.</summary>
internal static class AlvaeEndpoints
{
    public static void AddAlvae(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<AlvaeFounder>();
        builder.Services.AddScoped<AlvaeRegister>();
        builder.Services.AddPersonalTable(
            "alvae-message",
            "SELECT jsonb_build_object('text', text, 'at', created_at)::text FROM alvae_messages WHERE author_id = $1 ORDER BY id",
            PersonalTables.EraseFrom("alvae_messages", "author_id"));
        builder.Services.AddPersonalTable("alvae-feedback", export: null, PersonalTables.EraseFrom("alvae_messages", "tester_id"));
        // The proposal stays; who made it does not.
        builder.Services.AddPersonalTable(
            "alvae-proposal",
            "SELECT jsonb_build_object('title', title, 'text', text, 'at', created_at)::text FROM alvae_proposals WHERE author_id = $1 ORDER BY id",
            "UPDATE alvae_proposals SET author_id = NULL WHERE id = ANY(ARRAY(SELECT id FROM alvae_proposals WHERE author_id = $1 LIMIT $2))");
        builder.Services.AddPersonalTable("alvae-vote", export: null, PersonalTables.EraseFrom("alvae_votes", "voter_id"));
    }

    public static void MapAlvae(this WebApplication app)
    {
        var alvae = app.MapGroup("/api/alvae").WithTags("ALVAE");
        alvae.MapGet("/members", ListAsync);
        alvae.MapGet("/me", MeAsync).RequireAuthorization();
        alvae.MapPost("/grants", GrantAsync).RequireAuthorization().WithIdempotency().Refuses(403, 404, 409);
        alvae.MapDelete("/grants/{alvaeId}", RevokeAsync).RequireAuthorization().Refuses(403, 409);
    }

    [EndpointName("ListAlvaeMembers"), EndpointSummary("Members with an ALVAE badge, newest first"), EndpointDescription("Public, as the badge on a profile is.")]
    private static async Task<Ok<Page<AlvaeMemberDto>>> ListAsync(PageQuery page, [FromServices] ProfileDb db, CancellationToken cancellationToken)
    {
        var after = page.After<Guid>();
        var rows = await db.Set<AlvaeGrant>().AsNoTracking().Where(g => g.RevokedAt == null && (after == null || g.Id.CompareTo(after.Value) < 0))
            .Join(db.Set<Account>(), g => g.AccountId, a => (Guid?)a.Id, (g, a) => new { Grant = g, a.Username, a.DisplayName })
            .OrderByDescending(r => r.Grant.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(Data.Page.Of(rows, page, r => r.Grant.Id, r => new AlvaeMemberDto(
            AlvaeLevels.IdOf(r.Grant.Number), r.Grant.Level, AlvaeLevels.Of(r.Grant.Level).Border, r.Username, r.DisplayName, r.Grant.GrantedAt)));
    }

    [EndpointName("GetMyAlvae"), EndpointSummary("The caller's badge and what comes with it"), EndpointDescription("Without a badge `member` is false and the rest null.")]
    private static async Task<Ok<AlvaeStatusDto>> MeAsync([FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (await db.GrantOfAsync(user.Id(), cancellationToken) is not { } grant)
            return TypedResults.Ok(new AlvaeStatusDto(false, null, null, null, null, null));
        var rank = AlvaeLevels.Of(grant.Level);
        return TypedResults.Ok(new AlvaeStatusDto(
            true, AlvaeLevels.IdOf(grant.Number), grant.Level, rank.Border, grant.GrantedAt,
            new AlvaeBenefits(rank.GenerationsPerMonth, rank.RevenueSharePercent, rank.PlatformFeePercent, rank.Features)));
    }

    [EndpointName("GrantAlvae"), EndpointSummary("Grant a badge (FOUNDER only)")]
    [EndpointDescription(
        """
        Gives the next number: 98 testers (002–099), 100 early adopters (100–199). 409 `alvae-level-full` when none is left,
        `already-alvae` when the member has a badge.
        """)]
    private static async Task<Created<GrantDto>> GrantAsync(
        Body<GrantRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] AlvaeRegister register,
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        var key = Account.KeyOf(request.Username!);
        var member = await db.Set<Account>().Where(a => a.UsernameKey == key).Select(a => new { a.Id, a.Username }).FirstOrDefaultAsync(cancellationToken)
            ?? throw Problem.NotFound("member");
        var founder = await RequireFounderAsync(db, user, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var grant = await register.GrantAsync(operation.Id, member.Id, request.Level!.Value, request.Note, founder, cancellationToken);
        var badge = AlvaeBadge.Of(grant);
        var dto = new GrantDto(badge.AlvaeId, badge.Level, badge.Border, member.Id, member.Username, grant.Note, grant.GrantedAt);
        var answer = await operation.RecordAsync(db, TypedResults.Created($"/api/profiles/{member.Username}", dto));
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    [EndpointName("RevokeAlvae"), EndpointSummary("Revoke a badge (FOUNDER only)")]
    [EndpointDescription("Its number is not given again. The FOUNDER can't be revoked: 409 `founder-stays`.")]
    private static async Task<NoContent> RevokeAsync(
        string alvaeId, [FromServices] ProfileDb db, [FromServices] AlvaeRegister register, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var number = AlvaeLevels.NumberOf(alvaeId) ?? throw Problem.NotFound("ALVAE grant");
        if (!await db.Set<AlvaeGrant>().AnyAsync(g => g.Number == number && g.RevokedAt == null, cancellationToken))
            throw Problem.NotFound("ALVAE grant");
        await RequireFounderAsync(db, user, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await register.RevokeAsync(number, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Guid> RequireFounderAsync(ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        user.IsOperator() && await db.IsFounderAsync(user.Id(), cancellationToken)
            ? user.Id()
            : throw Problem.Of(403, "founder-only", "Only the FOUNDER grants and revokes badges.");
}
