using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Entitlements;
using Son1kVers3.Profile.Tokens;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Keys;

/// <summary>What a key is to be called, and may do: everything unless told.</summary>
internal sealed record ApiKeyRequest(string? Name, IReadOnlyList<string?>? Scopes);

internal sealed class ApiKeyRules : AbstractValidator<ApiKeyRequest>
{
    public ApiKeyRules()
    {
        RuleFor(r => r.Name).NotEmpty().WithMessage("A name to know the key by.").Because(FieldReasons.Required).Line(60);
        RuleFor(r => r.Scopes).Must(scopes => scopes is null || (scopes.Count > 0 && scopes.All(s => Scopes.All.Contains(s))))
            .WithMessage($"One or more of {string.Join(", ", Scopes.All)}.");
    }
}

/// <summary>A key as its owner sees it.</summary>
internal sealed record ApiKeyDto(Guid Id, string Name, string Hint, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>A new key; the only answer that holds it.</summary>
internal sealed record NewApiKeyDto(Guid Id, string Name, string Hint, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, string Key)
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
        builder.Services.AddSingleton<ApiKeyRevocationPublisher>().AddHostedService(services => services.GetRequiredService<ApiKeyRevocationPublisher>());
        builder.Services.AddScoped<ApiKeyExchangeHandler>();
    }

    public static void MapApiKeys(this WebApplication app)
    {
        var keys = app.MapGroup("/api/auth/keys").WithTags("API keys").RequireAuthorization().RequireSession();
        keys.MapPost("", CreateAsync).Refuses(409);
        keys.MapGet("", ListAsync);
        keys.MapDelete("/{id:guid}", RevokeAsync);
        app.MapPost("/internal/api-keys/exchange", (Body<ExchangeRequest> body, [FromServices] ApiKeyExchangeHandler exchange, CancellationToken cancellationToken) =>
            exchange.ExchangeAsync(body, cancellationToken)).ExcludeFromDescription();
    }

    [EndpointName("CreateApiKey"), EndpointSummary("Make an API key")]
    [EndpointDescription(
        """
        For PRO and STUDIO (and ALVAE), at most 20: 409 `too-many-keys`. `key` is shown in this answer only. Send it as `X-Api-Key`; it acts as a member
        within its `scopes` (`read`, `write`; both unless told), never as an operator.
        """)]
    private static async Task<Created<NewApiKeyDto>> CreateAsync(
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
        var (key, secret) = ApiKey.Make(Guid.CreateVersion7(now), account, request.Name!.Trim(), [.. (request.Scopes?.OfType<string>() ?? Scopes.All).Distinct()], now);
        db.Add(key);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Created((string?)null, new NewApiKeyDto(key.Id, key.Name, key.Hint, key.Scopes, key.CreatedAt, secret));
    }

    [EndpointName("ListApiKeys"), EndpointSummary("The caller's API keys, newest first")]
    [EndpointDescription("Without the keys themselves: `hint` holds the last four characters. Also after a downgrade, when they no longer work.")]
    private static async Task<Ok<Page<ApiKeyDto>>> ListAsync(PageQuery page, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (account, after) = (user.Id(), page.After<Guid>());
        var rows = await db.Set<ApiKey>().Where(k => k.AccountId == account && k.RevokedAt == null && (after == null || k.Id.CompareTo(after.Value) < 0))
            .OrderByDescending(k => k.Id).Take(page.Limit + 1)
            .Select(k => new ApiKeyDto(k.Id, k.Name, k.Hint, k.Scopes, k.CreatedAt, k.LastUsedAt)).ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<ApiKeyDto>.Of(rows, page, k => k.Id));
    }

    [EndpointName("RevokeApiKey"), EndpointSummary("Revoke an API key"), EndpointDescription("At once, everywhere.")]
    private static async Task<NoContent> RevokeAsync(
        Guid id, [FromServices] ProfileDb db, [FromServices] ApiKeyRevocationPublisher revocations, [FromServices] TimeProvider clock, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        var account = user.Id();
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var revoked = await db.Set<ApiKey>().Where(k => k.Id == id && k.AccountId == account && k.RevokedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(k => k.RevokedAt, now), cancellationToken);
        if (revoked == 0)
            throw Problem.NotFound("API key");
        await ApiKeyRevocationPublisher.AnnounceAsync(db, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await revocations.TellAsync(id);
        return TypedResults.NoContent();
    }
}
