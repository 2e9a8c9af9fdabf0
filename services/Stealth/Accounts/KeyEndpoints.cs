using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Accounts;

/// <summary>A successor of the account's key.</summary>
/// <param name="OverlapMinutes">How long the others stay active beside it; 60 where nothing is said, 0 where the provider asks for one key at a time.</param>
internal sealed record NewKey(string? Secret, DateTimeOffset? ExpiresAt, double? OverlapMinutes);

/// <summary>A key as operators see it.</summary>
/// <param name="Current">New requests use it.</param>
/// <param name="DrainAt">Active beside its successor until then; afterwards only what began with it goes on with it.</param>
/// <param name="RefusedAt">When the provider refused it.</param>
internal sealed record KeyView(
    Guid Id, string SecretMask, KeyStatus Status, bool Current, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, double? ExpiresInDays, DateTimeOffset? DrainAt, DateTimeOffset? RevokeAt,
    DateTimeOffset? RefusedAt);

/// <summary>The keys of an account; there are few.</summary>
internal sealed record KeyList(IReadOnlyList<KeyView> Items);

internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/stealth/accounts/{id:guid}/keys").WithTags("Stealth: accounts").RequireAuthorization(Roles.Operator);
        group.MapGet("/", ListAsync);
        group.MapPost("/", AddAsync).WithIdempotency();
        group.MapDelete("/{keyId:guid}", RevokeAsync).Refuses(409);
    }

    [EndpointName("ListStealthKeys"), EndpointSummary("Keys of an account, newest first"), EndpointDescription("Secrets are masked.")]
    private static async Task<Ok<KeyList>> ListAsync(Guid id, AccountStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var account = await store.FindAsync(id, cancellationToken);
        return TypedResults.Ok(new KeyList([.. account.Keys.OrderByDescending(k => k.Id).Select(k => ViewOf(k, account, clock.GetUtcNow()))]));
    }

    [EndpointName("AddStealthKey"), EndpointSummary("Add a key that takes over"), EndpointDescription("Overlap, drain, revoke: the others stay active for the overlap, then only what began with them goes on with them, then their secrets are erased.")]
    private static async Task<Created<KeyView>> AddAsync(
        Guid id, Body<NewKey> body, Operation operation, StealthDb db, AccountStore store, FleetCache fleet, TimeProvider clock, CancellationToken cancellationToken)
    {
        var account = await store.FindAsync(id, cancellationToken);
        var request = await body.ReadAsync();
        var single = store.Require(account.Provider).Dialect.SingleKeyPerAccount;
        if (single && request.OverlapMinutes > 0)
            throw Problem.Invalid("overlapMinutes", "This provider asks for one key at a time.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var overlap = single ? TimeSpan.Zero : request.OverlapMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : KeyLifecycle.Overlap;
        var key = store.AddKey(account, request.Secret!, request.ExpiresAt, overlap);
        await store.SaveAsync(cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Created($"/api/stealth/accounts/{id}/keys", ViewOf(key, account, clock.GetUtcNow())));
        await transaction.CommitAsync(cancellationToken);
        await fleet.ReloadAsync(cancellationToken);
        return answer;
    }

    [EndpointName("RevokeStealthKey"), EndpointSummary("Revoke a key at once and erase its secret"), EndpointDescription("409 last-key for the only active one: add its successor first, or remove the account.")]
    private static async Task<NoContent> RevokeAsync(Guid id, Guid keyId, AccountStore store, CancellationToken cancellationToken)
    {
        var account = await store.FindAsync(id, cancellationToken);
        var key = account.Keys.Find(k => k.Id == keyId) ?? throw Problem.NotFound("key");
        if (key.Status == KeyStatus.Active && account.Keys.Count(k => k.Status == KeyStatus.Active) == 1)
            throw Problem.Of(409, "last-key", "This is the account's only active key; add its successor first, or remove the account.");
        KeyLifecycle.Revoke(key);
        account.Version++;
        await store.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static KeyView ViewOf(AccountKey key, Account account, DateTimeOffset now) => new(
        key.Id, key.Mask, key.Status, KeyLifecycle.Current(account.Keys, now) == key, key.CreatedAt, key.ExpiresAt,
        key.ExpiresAt is { } end ? Math.Round((end - now).TotalDays, 1) : null, key.DrainAt, key.RevokeAt, key.RefusedAt);
}

internal sealed class NewKeyRules : AbstractValidator<NewKey>
{
    public NewKeyRules()
    {
        RuleFor(k => k.Secret).NotEmpty().Secret();
        RuleFor(k => k.OverlapMinutes).InclusiveBetween(0, 60 * 24 * 90);
    }
}
