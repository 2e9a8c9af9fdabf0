using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Profiles;

/// <summary>Public profiles.</summary>
internal static class ProfileEndpoints
{
    public static void AddProfiles(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<ProfileAnnouncer>();
        builder.Services.AddScoped<ProfileReader>();
        builder.Services.AddPersonalTable(
            "badge", "SELECT jsonb_build_object('badge', badge, 'at', awarded_at)::text FROM badges WHERE account_id = $1", PersonalTables.EraseFrom("badges", "account_id"));
        builder.Services.AddPersonalTable("active-day", export: null, PersonalTables.EraseFrom("active_days", "account_id"));
    }

    public static void MapProfiles(this WebApplication app)
    {
        var profiles = app.MapGroup("/api/profiles").WithTags("Profiles");
        profiles.MapGet("/{username}", GetAsync);
        profiles.MapPatch("/me", UpdateAsync).RequireAuthorization();
    }

    [EndpointName("GetProfile"), EndpointSummary("A member's public profile")]
    [EndpointDescription("Found without regard to case. `alvae` is the badge with its border, or null; `stats` is null when the member does not show them.")]
    private static async Task<Ok<ProfileView>> GetAsync(
        string username, [FromServices] ProfileDb db, [FromServices] ProfileReader reader, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var account = await db.FindAccountAsync(username, cancellationToken) ?? throw Problem.NotFound("profile");
        return TypedResults.Ok(await reader.ReadAsync(account, user.IdOrNull(), cancellationToken));
    }

    [EndpointName("UpdateProfile"), EndpointSummary("Change one's own profile")]
    [EndpointDescription(
        """
        A field that is not sent stays as it is. `displayName`: 1 to 50 characters, null for the username; `bio`: at most 1000, null for none;
        `links`: at most 8 http or https addresses, null for none.
        """)]
    private static async Task<Ok<ProfileView>> UpdateAsync(
        Body<ProfilePatch> body, [FromServices] ProfileDb db, [FromServices] ProfileAnnouncer announcer, [FromServices] ProfileReader reader,
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var patch = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var account = await db.LockAccountAsync(user.Id(), cancellationToken) ?? throw AccountQueries.Gone();
        if (patch.HasDisplayName)
            account.DisplayName = patch.DisplayName?.Trim() ?? account.Username;
        if (patch.HasBio)
            account.Bio = patch.Bio;
        if (patch.HasLinks)
            account.Links = [.. (patch.Links ?? []).OfType<string>()];
        if (db.ChangeTracker.HasChanges())
        {
            await announcer.AnnounceAsync(account, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(await reader.ReadAsync(account, account.Id, cancellationToken));
    }
}
