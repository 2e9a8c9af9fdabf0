using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Dialects;
using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Accounts;

internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/stealth/accounts").WithTags("Stealth: accounts").RequireAuthorization(Roles.Operator);
        group.MapGet("/", ListAsync);
        group.MapGet("/{id:guid}", GetAsync);
        group.MapPost("/", CreateAsync).WithIdempotency().Refuses(409);
        group.MapPatch("/{id:guid}", ChangeAsync).Refuses(409);
        group.MapDelete("/{id:guid}", DeleteAsync);
    }

    [EndpointName("ListStealthAccounts"), EndpointSummary("Accounts, newest first"), EndpointDescription("Secrets are masked. `?provider=` for those of one provider, `?tag=` for those with a tag.")]
    private static async Task<Ok<Page<AccountView>>> ListAsync(PageQuery page, string? provider, string? tag, StealthDb db, AccountViews views, CancellationToken cancellationToken)
    {
        if (provider is not null && DialectCatalog.Find(provider) is null)
            throw Problem.Invalid("provider", DialectCatalog.Names);
        var accounts = db.Set<Account>().AsNoTracking().Include(a => a.Keys).Where(a => provider == null || a.Provider == provider).Where(a => tag == null || a.Tags.Contains(tag));
        if (page.After<Guid>() is { } after)
            accounts = accounts.Where(a => a.Id < after);
        var rows = Page<Account>.Of(await accounts.OrderByDescending(a => a.Id).Take(page.Limit + 1).ToListAsync(cancellationToken), page, a => a.Id);
        return TypedResults.Ok(new Page<AccountView>(await views.OfAsync(rows.Items, cancellationToken), rows.NextCursor));
    }

    [EndpointName("GetStealthAccount"), EndpointSummary("One account")]
    private static async Task<Ok<AccountView>> GetAsync(Guid id, AccountStore store, AccountViews views, CancellationToken cancellationToken) =>
        TypedResults.Ok(await views.OfAsync(await store.FindAsync(id, cancellationToken), cancellationToken));

    [EndpointName("CreateStealthAccount"), EndpointSummary("Add an account"), EndpointDescription("409 account-exists when the provider has one of this name.")]
    private static async Task<Created<AccountView>> CreateAsync(
        Body<NewAccount> body, Operation operation, StealthDb db, AccountStore store, AccountViews views, FleetCache fleet, CancellationToken cancellationToken)
    {
        var account = store.Create(await body.ReadAsync(), operation.Id);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(account);
        await store.SaveAsync(cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Created($"/api/stealth/accounts/{account.Id}", views.OfNew(account)));
        await transaction.CommitAsync(cancellationToken);
        await fleet.ReloadAsync(cancellationToken);
        return answer;
    }

    [EndpointName("ChangeStealthAccount"), EndpointSummary("Change an account, or replace its secret"), EndpointDescription("What is absent stays. 409 account-exists for a name that is taken.")]
    private static async Task<Ok<AccountView>> ChangeAsync(Guid id, Body<AccountChange> body, AccountStore store, AccountViews views, CancellationToken cancellationToken)
    {
        var account = await store.FindAsync(id, cancellationToken);
        store.Change(account, await body.ReadAsync());
        await store.CommitAsync(cancellationToken);
        return TypedResults.Ok(await views.OfAsync(account, cancellationToken));
    }

    [EndpointName("DeleteStealthAccount"), EndpointSummary("Remove an account and its secrets")]
    private static async Task<NoContent> DeleteAsync(Guid id, AccountStore store, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(id, cancellationToken);
        return TypedResults.NoContent();
    }
}
