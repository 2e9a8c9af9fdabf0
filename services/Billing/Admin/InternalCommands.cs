using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Billing.Admin;

/// <summary>Commands of the operators' dashboard. Not routed from outside; called with the credential of the installation
/// (<c>Internal:Credential</c>).</summary>
internal static class InternalCommands
{
    private const string Header = "X-Service-Credential";

    public static IEndpointRouteBuilder MapInternalCommands(this IEndpointRouteBuilder app)
    {
        var commands = app.MapGroup("/internal/commands").AddEndpointFilter(RequireCredentialAsync).AllowAnonymous()
            .ExcludeFromDescription();
        commands.MapPost("/ledger-check", CheckLedgerAsync);
        return app;
    }

    private static async Task<Ok<LedgerReport>> CheckLedgerAsync(LedgerCheck check, CancellationToken cancellationToken) =>
        TypedResults.Ok(await check.RunAsync(cancellationToken));

    /// <summary>Without a credential in the configuration there are no commands; with another one in the request neither.</summary>
    private static ValueTask<object?> RequireCredentialAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var expected = context.HttpContext.RequestServices.GetRequiredService<IConfiguration>()["Internal:Credential"];
        if (string.IsNullOrEmpty(expected))
            throw Problem.NotFound("command");
        var given = context.HttpContext.Request.Headers[Header].ToString();
        return CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)))
            ? next(context)
            : throw Problem.Of(401, "invalid-credential", "This is for the installation itself.");
    }
}
