using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.SignUp;

/// <summary>Signing up.</summary>
internal static class SignUpEndpoints
{
    public static void AddSignUp(this WebApplicationBuilder builder) => builder.Services.AddScoped<Registration>();

    public static void MapSignUp(this WebApplication app) =>
        app.MapPost("/api/auth/register", RegisterAsync).WithTags("Sign-in").Refuses(409, 429);

    [EndpointName("Register"), EndpointSummary("Sign up")]
    [EndpointDescription(
        """
        Makes an account, signs it in, and mails a link that verifies the address. Usernames have 3 to 30 letters, digits, `_`, `-` or `.`, and are unique
        without regard to case, as addresses are. Passwords have 10 to 256 characters of any kind, none of which is cut off, and are refused when they are
        among those guessed first. 409 `email-taken`, `username-taken`. The refresh token is also set as a cookie (httpOnly, SameSite=Strict, path /api/auth).
        """)]
    private static async Task<Created<SignedIn>> RegisterAsync(
        Body<RegisterRequest> body, [FromServices] Registration registration, [FromServices] SignIn signIn, HttpContext http)
    {
        var request = await body.ReadAsync();
        var (account, session) = await registration.RegisterAsync(request, Device.Of(http), http.RequestAborted);
        return TypedResults.Created((string?)null, signIn.First(http, account, session));
    }
}
