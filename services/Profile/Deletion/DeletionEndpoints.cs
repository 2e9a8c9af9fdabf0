using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Deletion;

/// <summary>Leaving.</summary>
internal static class DeletionEndpoints
{
    public static void AddDeletion(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<AccountDeletion>();
        builder.Services.AddHostedService<EraseWorker>();
        builder.Services.AddPersonalTable("entitlement", export: null, PersonalTables.EraseFrom("entitlements", "account_id"));
        builder.Services.AddPersonalTable("idempotency-key", export: null, PersonalTables.EraseFrom("idempotency_keys", "user_id"));
    }

    public static void MapDeletion(this WebApplication app) => app.MapDelete("/api/auth/me", DeleteAsync).WithTags("Account")
        .RequireAuthorization().RequireSession().Refuses(409, 429);

    [EndpointName("DeleteAccount"), EndpointSummary("Delete one's account and everything of one's own")]
    [EndpointDescription(
        """
        At once and for good: with the answer nobody can sign in any more, access tokens are void, and profile, collections and tracks are out of sight; the
        rest of what the account left is erased everywhere soon after. Tracks in the community pool stay, with the artist `deleted`. 403 `wrong-password`; the FOUNDER can't leave: 409 `founder-stays`.
        """)]
    private static async Task<NoContent> DeleteAsync(
        Body<DeletionRequest> body, [FromServices] AccountDeletion deletion, ClaimsPrincipal user, HttpContext http)
    {
        var request = await body.ReadAsync();
        await deletion.DeleteAsync(user.Id(), request.Password!, http.RequestAborted);
        RefreshCookie.Clear(http);
        return TypedResults.NoContent();
    }
}
