using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Alvae;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Entitlements;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Profiles;

/// <summary>A member as everyone sees them.</summary>
internal sealed record ProfileDto(
    Guid Id, string Username, string DisplayName, string? Bio, IReadOnlyList<string> Links, Tier Tier, AlvaeBadge? Alvae, DateTimeOffset CreatedAt);

/// <summary>Public profiles.</summary>
internal static class ProfileEndpoints
{
    public static void AddProfiles(this WebApplicationBuilder builder) => builder.Services.AddScoped<ProfileAnnouncer>();

    public static void MapProfiles(this WebApplication app)
    {
        var profiles = app.MapGroup("/api/profiles").WithTags("Profiles");
        profiles.MapGet("/{username}", GetAsync)
            .WithName("GetProfile").WithSummary("A member's public profile").WithDescription("Found without regard to case. `alvae` is the badge with its border, or null.")
            .Produces<ProfileDto>();
        profiles.MapPatch("/me", UpdateAsync).RequireAuthorization()
            .WithName("UpdateProfile").WithSummary("Change one's own profile")
            .WithDescription(
                """
                A field that is not sent stays as it is. `displayName`: 1 to 50 characters, null for the username; `bio`: at most 1000, null for none;
                `links`: at most 8 http or https addresses, null for none.
                """)
            .Produces<ProfileDto>().ProducesValidationProblem();
    }

    private static async Task<IResult> GetAsync(string username, [FromServices] ProfileDb db, CancellationToken cancellationToken)
    {
        // What can't be a username is not looked for: the database refuses NUL.
        var key = AccountRules.IsUsername(username) ? Account.KeyOf(username) : throw Problem.NotFound("profile");
        var account = await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.UsernameKey == key, cancellationToken) ?? throw Problem.NotFound("profile");
        return TypedResults.Ok(await DtoAsync(db, account, cancellationToken));
    }

    private static async Task<IResult> UpdateAsync(
        Body<ProfilePatch> body, [FromServices] ProfileDb db, [FromServices] ProfileAnnouncer announcer, ClaimsPrincipal user, CancellationToken cancellationToken)
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
        return TypedResults.Ok(await DtoAsync(db, account, cancellationToken));
    }

    private static async Task<ProfileDto> DtoAsync(ProfileDb db, Account account, CancellationToken cancellationToken)
    {
        var grant = await db.GrantOfAsync(account.Id, cancellationToken);
        var tier = await db.TierOfAsync(account.Id, cancellationToken);
        return new ProfileDto(
            account.Id, account.Username, account.DisplayName, account.Bio, account.Links, tier, grant is null ? null : AlvaeBadge.Of(grant), account.CreatedAt);
    }
}
