using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Entitlements;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Keys;

/// <summary>What a key is to be called.</summary>
internal sealed record ApiKeyRequest(string? Name);

internal sealed class ApiKeyRules : AbstractValidator<ApiKeyRequest>
{
    public ApiKeyRules() => RuleFor(r => r.Name).Must(name => !string.IsNullOrWhiteSpace(name)).WithMessage("A name to know the key by.").Line(60);
}

/// <summary>A key as its owner sees it.</summary>
internal sealed record ApiKeyDto(Guid Id, string Name, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>A new key; the only answer that holds it.</summary>
internal sealed record NewApiKeyDto(Guid Id, string Name, string Hint, DateTimeOffset CreatedAt, string Key)
{
    // A record prints its members; this one must not.
    public override string ToString() => $"key {Id}";
}

/// <summary>API keys of PRO and STUDIO members.</summary>
internal static class ApiKeyEndpoints
{
    private const int MostKeys = 20;

    public static void AddApiKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddHostedService<ApiKeyEviction>();
        builder.Services.AddScoped<ApiKeyExchange>();
    }

    public static void MapApiKeys(this WebApplication app)
    {
        var keys = app.MapGroup("/api/auth/keys").WithTags("API keys").RequireAuthorization().RequireSession();
        keys.MapPost("", CreateAsync)
            .WithName("CreateApiKey").WithSummary("Make an API key")
            .WithDescription(
                """
                For PRO and STUDIO (and ALVAE), at most 20. `key` is shown in this answer only. Send it as `X-Api-Key`; it acts as a member,
                never as an operator.
                """)
            .Produces<NewApiKeyDto>(201).ProducesValidationProblem().Refuses(403, 409);
        keys.MapGet("", ListAsync)
            .WithName("ListApiKeys").WithSummary("The caller's API keys, newest first")
            .WithDescription("Without the keys themselves: `hint` holds the last four characters. Also after a downgrade, when they no longer work.")
            .Produces<Page<ApiKeyDto>>();
        keys.MapDelete("/{id:guid}", RevokeAsync)
            .WithName("RevokeApiKey").WithSummary("Revoke an API key").WithDescription("At once, everywhere.")
            .Produces(204);
        app.MapPost("/internal/api-keys/exchange", (Body<ExchangeRequest> body, [FromServices] ApiKeyExchange exchange, CancellationToken cancellationToken) =>
            exchange.ExchangeAsync(body, cancellationToken)).ExcludeFromDescription();
    }

    private static async Task<IResult> CreateAsync(
        Body<ApiKeyRequest> body, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        var account = user.Id();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The lock makes parallel requests count each other's keys.
        if (await db.LockAccountAsync(account, cancellationToken) is null)
            throw AccountQueries.Gone();
        if (!await db.Set<Entitlement>().AnyAsync(e => e.AccountId == account && e.ApiKeys, cancellationToken))
            throw Problem.Of(403, "api-keys-not-in-tier", "API keys come with PRO and STUDIO.", members: ("upgradeTo", "PRO"));
        if (await db.Set<ApiKey>().CountAsync(k => k.AccountId == account && k.RevokedAt == null, cancellationToken) >= MostKeys)
            throw Problem.Of(409, "too-many-keys", $"There are {MostKeys} keys; revoke one first.");
        var now = clock.GetUtcNow();
        var (key, secret) = ApiKey.Make(Guid.CreateVersion7(now), account, request.Name!.Trim(), now);
        db.Add(key);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Json(new NewApiKeyDto(key.Id, key.Name, key.Hint, key.CreatedAt, secret), statusCode: 201);
    }

    private static async Task<IResult> ListAsync(PageQuery page, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (account, after) = (user.Id(), page.After<Guid>());
        var rows = await db.Set<ApiKey>().Where(k => k.AccountId == account && k.RevokedAt == null && (after == null || k.Id.CompareTo(after.Value) < 0))
            .OrderByDescending(k => k.Id).Take(page.Limit + 1)
            .Select(k => new ApiKeyDto(k.Id, k.Name, k.Hint, k.CreatedAt, k.LastUsedAt)).ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<ApiKeyDto>.Of(rows, page.Limit, k => k.Id));
    }

    private static async Task<IResult> RevokeAsync(
        Guid id, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var account = user.Id();
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var revoked = await db.Set<ApiKey>().Where(k => k.Id == id && k.AccountId == account && k.RevokedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(k => k.RevokedAt, now), cancellationToken);
        if (revoked == 0)
            throw Problem.NotFound("API key");
        await ApiKeyEviction.AnnounceAsync(db, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
