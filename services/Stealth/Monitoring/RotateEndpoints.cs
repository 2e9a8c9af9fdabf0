using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Stealth.Accounts;
using Son1kVers3.Stealth.Dialects;
using Son1kVers3.Stealth.Egress;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Rotation;

namespace Son1kVers3.Stealth.Monitoring;

/// <summary>Which provider's rotation is to move on.</summary>
/// <param name="User">Whose account, under the strategy <c>sticky-by-user</c>.</param>
internal sealed record Rotate(string? Provider, string? User);

internal static class RotateEndpoints
{
    public static void MapRotate(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/stealth/rotate", RotateAsync).WithTags("Stealth: providers").RequireAuthorization(Roles.Operator).Refuses(503);
        app.MapPost("/internal/commands/rotate", RotateAsync).WithName("RotateCommand").RequireServiceCredential().ExcludeFromDescription();
    }

    [EndpointName("RotateStealthProvider"), EndpointSummary("Move a provider's rotation on"),
     EndpointDescription("Answers the account whose turn it is, by the strategy and with every limit checked, and moves on; nothing is used. 503 no-capacity when none can take a request now.")]
    private static async Task<Ok<AccountView>> RotateAsync(
        Body<Rotate> body, FleetCache fleet, Rotator rotator, CapacityReport capacity, AccountViews views, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        var take = await rotator.TakeAsync(new TakeRequest(request.Provider!, TakeMode.Rotate, "", request.User ?? ""), clock.GetUtcNow(), cancellationToken);
        return take is Take.Granted granted && fleet.Current.Accounts.GetValueOrDefault(granted.Account) is { } account
            ? TypedResults.Ok(await views.OfAsync(account, cancellationToken))
            : throw await capacity.RefuseAsync(fleet.Current.Providers[request.Provider!], take as Take.Busy ?? new Take.Busy(null, false, "changed"), null, cancellationToken);
    }
}

internal sealed class RotateRules : AbstractValidator<Rotate>
{
    public RotateRules()
    {
        RuleFor(r => r.Provider).NotEmpty().Must(p => DialectCatalog.Find(p) is not null).WithMessage(DialectCatalog.Names);
        RuleFor(r => r.User).Line(200);
    }
}
