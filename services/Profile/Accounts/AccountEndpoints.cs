using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Alvae;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Entitlements;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.Profile.Tokens;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Accounts;

/// <summary>Signing up, and one's own account.</summary>
internal static class AccountEndpoints
{
    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<PasswordCost>().BindConfiguration("Passwords");
        builder.Services.AddSingleton<PasswordHashing>();
        builder.Services.AddScoped<Registration>();
        builder.Services.AddScoped<PasswordChange>();
    }

    public static void MapAccounts(this WebApplication app)
    {
        // Taken here so that a cost too low for production stops the start, and no sign-in pays for the first hash.
        app.Services.GetRequiredService<PasswordHashing>();
        var auth = app.MapGroup("/api/auth").WithTags("Sign-in");
        auth.MapPost("/register", RegisterAsync)
            .WithName("Register").WithSummary("Sign up")
            .WithDescription(
                """
                Makes an account and signs it in. Usernames have 3 to 30 letters, digits, `_`, `-` or `.`, and are unique without regard to case,
                as addresses are. Passwords have 10 to 256 characters and are refused when they are among those tried first.
                The refresh token is also set as a cookie (httpOnly, SameSite=Strict, path /api/auth).
                """)
            .Produces<SignedIn>(201).ProducesValidationProblem().Refuses(409);
        auth.MapGet("/me", MeAsync).RequireAuthorization()
            .WithName("GetMe").WithSummary("The signed-in account")
            .WithDescription("Account, roles, and the tier as profile knows it (billing has the last word).")
            .Produces<MeDto>();
        auth.MapPost("/password", PasswordAsync).RequireAuthorization().RequireSession()
            .WithName("ChangePassword").WithSummary("Change the password")
            .WithDescription(
                """
                Signs out everywhere but here. 403 `wrong-password` when `currentPassword` is another one; the new one obeys the rules of signing up.
                Access tokens that were issued before run out by themselves, within 15 minutes.
                """)
            .Produces(204).ProducesValidationProblem().Refuses(403, 429);
    }

    private static async Task<IResult> RegisterAsync(
        Body<RegisterRequest> body, [FromServices] Registration registration, [FromServices] SignIn signIn, HttpContext http)
    {
        var request = await body.ReadAsync();
        var (account, session) = await registration.RegisterAsync(request, http.RequestAborted);
        return TypedResults.Json(signIn.First(http, account, session), statusCode: 201);
    }

    private static async Task<IResult> MeAsync(ClaimsPrincipal user, [FromServices] ProfileDb db, CancellationToken cancellationToken)
    {
        var id = user.Id();
        var account = await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw AccountQueries.Gone();
        var grant = await db.GrantOfAsync(id, cancellationToken);
        return TypedResults.Ok(new MeDto(
            account.Id, account.Email, account.Username, account.DisplayName, account.Roles, account.CreatedAt,
            await db.TierOfAsync(id, cancellationToken), grant is null ? null : AlvaeBadge.Of(grant)));
    }

    private static async Task<IResult> PasswordAsync(
        Body<PasswordRequest> body, [FromServices] PasswordChange change, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var session = Guid.TryParse(user.FindFirstValue(AccessTokens.SessionClaim), out var id) ? id : (Guid?)null;
        await change.ChangeAsync(user.Id(), session, body, cancellationToken);
        return TypedResults.NoContent();
    }
}
