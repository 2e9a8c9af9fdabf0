using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.ServiceDefaults.Auth;

namespace Son1kVers3.Billing.Admin;

/// <summary>Commands of the operators' dashboard. Not routed from outside; called with the credential of the installation.</summary>
internal static class InternalCommands
{
    public static IEndpointRouteBuilder MapInternalCommands(this IEndpointRouteBuilder app)
    {
        app.MapPost("/internal/commands/ledger-check", CheckLedgerAsync).RequireServiceCredential().AllowAnonymous().ExcludeFromDescription();
        return app;
    }

    private static async Task<Ok<LedgerReport>> CheckLedgerAsync(LedgerCheck check, CancellationToken cancellationToken) =>
        TypedResults.Ok(await check.RunAsync(cancellationToken));
}
