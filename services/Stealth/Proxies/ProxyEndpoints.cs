using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Secrets;

namespace Son1kVers3.Stealth.Proxies;

internal static class ProxyEndpoints
{
    public static void MapProxies(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/stealth/proxies").WithTags("Stealth: proxies").RequireAuthorization(Roles.Operator);
        group.MapGet("/", ListAsync);
        group.MapGet("/{id:guid}", GetAsync);
        group.MapPost("/", CreateAsync).WithIdempotency().Refuses(409);
        group.MapPatch("/{id:guid}", ChangeAsync).Refuses(409);
        group.MapDelete("/{id:guid}", DeleteAsync).Refuses(409);
    }

    [EndpointName("ListStealthProxies"), EndpointSummary("Proxies, newest first"), EndpointDescription("Passwords are never shown.")]
    private static async Task<Ok<Page<ProxyView>>> ListAsync(PageQuery page, StealthDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var proxies = db.Set<Proxy>().AsNoTracking();
        if (page.After<Guid>() is { } after)
            proxies = proxies.Where(p => p.Id < after);
        var rows = await proxies.OrderByDescending(p => p.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<Proxy>.Of(rows, page, p => p.Id).Select(p => ProxyView.Of(p, clock.GetUtcNow())));
    }

    [EndpointName("GetStealthProxy"), EndpointSummary("One proxy")]
    private static async Task<Ok<ProxyView>> GetAsync(Guid id, StealthDb db, TimeProvider clock, CancellationToken cancellationToken) =>
        TypedResults.Ok(ProxyView.Of(await FindAsync(id, db, cancellationToken), clock.GetUtcNow()));

    [EndpointName("CreateStealthProxy"), EndpointSummary("Add a proxy"), EndpointDescription("409 proxy-exists for a name that is taken.")]
    private static async Task<Created<ProxyView>> CreateAsync(
        Body<NewProxy> body, Operation operation, StealthDb db, SecretBox box, FleetCache fleet, TimeProvider clock, CancellationToken cancellationToken)
    {
        var proxy = (await body.ReadAsync()).Create(operation.Id, box, clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(proxy);
        await SaveAsync(db, cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Created($"/api/stealth/proxies/{proxy.Id}", ProxyView.Of(proxy, clock.GetUtcNow())));
        await transaction.CommitAsync(cancellationToken);
        await fleet.ReloadAsync(cancellationToken);
        return answer;
    }

    [EndpointName("ChangeStealthProxy"), EndpointSummary("Change a proxy"), EndpointDescription("What is absent stays. 409 proxy-exists for a name that is taken.")]
    private static async Task<Ok<ProxyView>> ChangeAsync(
        Guid id, Body<ProxyChange> body, StealthDb db, SecretBox box, FleetCache fleet, TimeProvider clock, CancellationToken cancellationToken)
    {
        var proxy = await FindAsync(id, db, cancellationToken);
        (await body.ReadAsync()).ApplyTo(proxy, box);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await SaveAsync(db, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await fleet.ReloadAsync(cancellationToken);
        return TypedResults.Ok(ProxyView.Of(proxy, clock.GetUtcNow()));
    }

    [EndpointName("DeleteStealthProxy"), EndpointSummary("Remove a proxy and its password"), EndpointDescription("409 proxy-in-use while accounts go through it.")]
    private static async Task<NoContent> DeleteAsync(Guid id, StealthDb db, FleetCache fleet, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (await db.Set<Proxy>().Where(p => p.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
                throw Problem.NotFound("proxy");
            await SaveAsync(db, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw Problem.Of(409, "proxy-in-use", "Accounts go through this proxy; give them another one first.");
        }

        await fleet.ReloadAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Proxy> FindAsync(Guid id, StealthDb db, CancellationToken cancellationToken) =>
        await db.Set<Proxy>().SingleOrDefaultAsync(p => p.Id == id, cancellationToken) ?? throw Problem.NotFound("proxy");

    private static Task SaveAsync(StealthDb db, CancellationToken cancellationToken) =>
        db.SaveFleetAsync("proxy-exists", "There is a proxy of this name already.", cancellationToken);
}
