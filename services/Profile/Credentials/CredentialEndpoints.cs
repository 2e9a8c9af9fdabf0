using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Credentials;

/// <summary>Changing and recovering what one signs in with: password and address.</summary>
internal static class CredentialEndpoints
{
    public static void AddCredentials(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<AddressVerification>();
        builder.Services.AddScoped<PasswordChange>();
        builder.Services.AddScoped<PasswordReset>();
    }

    public static void MapCredentials(this WebApplication app)
    {
        var auth = app.MapGroup("/api/auth").WithTags("Sign-in");
        auth.MapPost("/password", ChangePasswordAsync).RequireAuthorization().RequireSession().Refuses(429);
        auth.MapPost("/password/reset", ResetPasswordAsync);
        auth.MapPost("/password/reset/confirm", ConfirmResetAsync).Refuses(429);
        auth.MapPost("/email/verify", VerifyAsync).Refuses(409);
        auth.MapPost("/email/resend", ResendAsync).RequireAuthorization().RequireSession().Refuses(409, 429, 503);
        auth.MapPut("/email", ChangeAddressAsync).RequireAuthorization().RequireSession().Refuses(409, 429, 503);
    }

    [EndpointName("ChangePassword"), EndpointSummary("Change the password")]
    [EndpointDescription(
        """
        Signs out everywhere but here. 403 `wrong-password` when `currentPassword` is another one; the new one obeys the rules of signing up.
        Access tokens that were issued before run out by themselves, within 15 minutes.
        """)]
    private static async Task<NoContent> ChangePasswordAsync(
        Body<PasswordRequest> body, [FromServices] PasswordChange change, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await change.ChangeAsync(user.Id(), user.SessionIdOrNull(), body, cancellationToken);
        return TypedResults.NoContent();
    }

    [EndpointName("ResetPassword"), EndpointSummary("Ask for a new password by mail")]
    [EndpointDescription("Always 202, in the same time: the answer does not tell whether there is such an account. The link in the mail is good once, for an hour.")]
    private static async Task<Accepted> ResetPasswordAsync(Body<ResetRequest> body, [FromServices] PasswordReset reset, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        await reset.RequestAsync(request.Email!, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    [EndpointName("ConfirmPasswordReset"), EndpointSummary("Set the new password")]
    [EndpointDescription("With the token of the mail. Signs out everywhere. 400 `invalid-token`: used, older than an hour, or unknown.")]
    private static async Task<NoContent> ConfirmResetAsync(Body<ResetConfirmation> body, [FromServices] PasswordReset reset, CancellationToken cancellationToken)
    {
        await reset.ConfirmAsync(await body.ReadAsync(), cancellationToken);
        return TypedResults.NoContent();
    }

    [EndpointName("VerifyEmail"), EndpointSummary("Verify an address with the token of the mail")]
    [EndpointDescription("A new address counts from now on. 400 `invalid-token`: used, older than an hour, or unknown; 409 `email-taken`.")]
    private static async Task<NoContent> VerifyAsync(Body<VerifyRequest> body, [FromServices] AddressVerification verification, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        await verification.VerifyAsync(request.Token, cancellationToken);
        return TypedResults.NoContent();
    }

    [EndpointName("ResendVerification"), EndpointSummary("Mail the link again")]
    [EndpointDescription("At most three mails an hour go to one address: 429 `too-many-mails`. 409 `email-verified`.")]
    private static async Task<Accepted> ResendAsync([FromServices] AddressVerification verification, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await verification.ResendAsync(user.Id(), cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    [EndpointName("ChangeEmail"), EndpointSummary("Change the address")]
    [EndpointDescription("Mails a link to the new one, which counts once the link is followed. 403 `wrong-password`, 409 `email-taken`, 429 `too-many-mails`.")]
    private static async Task<Accepted> ChangeAddressAsync(
        Body<AddressRequest> body, [FromServices] AddressVerification verification, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        await verification.ChangeAsync(user.Id(), request, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }
}
