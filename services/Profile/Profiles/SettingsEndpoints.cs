using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Profiles;

/// <summary>What a member chose for themselves.</summary>
/// <param name="Language"><c>en</c> or <c>es</c>: of mails.</param>
/// <param name="Privacy">What others may see.</param>
/// <param name="AnalyticsOptOut">The app's own measurements leave this member out.</param>
internal sealed record SettingsView(string Language, PrivacyView Privacy, bool AnalyticsOptOut);

/// <summary>What others may see.</summary>
/// <param name="FollowsVisible">Whom the member follows, and by whom they are followed.</param>
/// <param name="StatsVisible">The numbers on the profile.</param>
internal sealed record PrivacyView(bool FollowsVisible, bool StatsVisible);

/// <summary>The whole of the settings; what is left out is as for a new member.</summary>
internal sealed record SettingsRequest(string? Language, PrivacyRequest? Privacy, bool? AnalyticsOptOut);

internal sealed record PrivacyRequest(bool? FollowsVisible, bool? StatsVisible);

internal sealed class SettingsRules : AbstractValidator<SettingsRequest>
{
    public SettingsRules() => RuleFor(s => s.Language).Must(language => language?.ToLowerInvariant() is null or "en" or "es").WithMessage("One of en, es.");
}

/// <summary>A member's own settings.</summary>
internal static class SettingsEndpoints
{
    public static void MapSettings(this WebApplication app)
    {
        var settings = app.MapGroup("/api/profiles/me/settings").WithTags("Account").RequireAuthorization();
        settings.MapGet("", GetAsync);
        settings.MapPut("", SetAsync);
    }

    [EndpointName("GetSettings"), EndpointSummary("One's own settings"), EndpointDescription("Nobody else sees them.")]
    private static async Task<Ok<SettingsView>> GetAsync([FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var id = user.Id();
        var account = await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw AccountQueries.Gone();
        return TypedResults.Ok(View(account));
    }

    [EndpointName("SetSettings"), EndpointSummary("Replace one's own settings"), EndpointDescription("What is left out is set as for a new member: `en`, all visible, no opt-out.")]
    private static async Task<Ok<SettingsView>> SetAsync(
        Body<SettingsRequest> body, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var account = await db.LockAccountAsync(user.Id(), cancellationToken) ?? throw AccountQueries.Gone();
        account.Language = request.Language?.ToLowerInvariant() ?? "en";
        account.FollowsVisible = request.Privacy?.FollowsVisible ?? true;
        account.StatsVisible = request.Privacy?.StatsVisible ?? true;
        account.AnalyticsOptOut = request.AnalyticsOptOut ?? false;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(View(account));
    }

    private static SettingsView View(Account account) =>
        new(account.Language, new PrivacyView(account.FollowsVisible, account.StatsVisible), account.AnalyticsOptOut);
}
