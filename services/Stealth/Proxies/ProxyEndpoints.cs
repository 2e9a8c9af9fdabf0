using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Stealth.Accounts;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Secrets;

namespace Son1kVers3.Stealth.Proxies;

/// <summary>A new proxy. The password goes in here, and never comes out.</summary>
internal sealed record NewProxy(string? Name, string? Host, int Port, string? Region, string? Username, string? Password);

/// <summary>Changes to a proxy; what is absent stays. A password needs its user name beside it.</summary>
internal sealed record ProxyChange(string? Name, string? Host, int? Port, string? Region, string? Username, string? Password);

/// <summary>A proxy as operators see it.</summary>
internal sealed record ProxyView(Guid Id, string Name, string Host, int Port, string? Region, string? Username, bool HasPassword, HealthStatus Status, DateTimeOffset CreatedAt)
{
    public static ProxyView Of(Proxy p) => new(p.Id, p.Name, p.Host, p.Port, p.Region, p.Username, p.Credentials is not null, p.Status, p.CreatedAt);
}

internal static class ProxyEndpoints
{
    public static void MapProxyEndpoints(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/stealth/proxies").WithTags("Stealth: proxies").RequireAuthorization(Roles.Operator);
        group.MapGet("/", ListAsync).WithSummary("Proxies, newest first").WithDescription("Passwords are never shown.");
        group.MapGet("/{id:guid}", GetAsync).WithSummary("One proxy");
        group.MapPost("/", CreateAsync).WithIdempotency().WithSummary("Add a proxy").Produces<ProxyView>(201).Refuses(409);
        group.MapPatch("/{id:guid}", ChangeAsync).WithSummary("Change a proxy").Refuses(409);
        group.MapDelete("/{id:guid}", DeleteAsync).WithSummary("Remove a proxy and its password");
    }

    private static async Task<Ok<Page<ProxyView>>> ListAsync(PageQuery page, StealthDb db, CancellationToken cancellationToken)
    {
        var proxies = db.Set<Proxy>().AsNoTracking();
        if (page.After<Guid>() is { } after)
            proxies = proxies.Where(p => p.Id < after);
        var rows = await proxies.OrderByDescending(p => p.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<Proxy>.Of(rows, page.Limit, p => p.Id).Select(ProxyView.Of));
    }

    private static async Task<Ok<ProxyView>> GetAsync(Guid id, StealthDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok(ProxyView.Of(await FindAsync(id, db, cancellationToken)));

    private static async Task<IResult> CreateAsync(
        Body<NewProxy> body, Operation operation, StealthDb db, SecretBox box, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        var proxy = new Proxy
        {
            Id = operation.Id,
            Name = request.Name!,
            Host = request.Host!,
            Port = request.Port,
            Region = request.Region,
            Username = request.Username,
            Credentials = request.Password is { } password ? box.Seal(password, operation.Id) : null,
            CreatedAt = clock.GetUtcNow(),
        };
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(proxy);
        await SaveAsync(db, cancellationToken);
        var answer = await operation.RecordAsync(db, 201, ProxyView.Of(proxy), $"/api/stealth/proxies/{proxy.Id}");
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    private static async Task<Ok<ProxyView>> ChangeAsync(Guid id, Body<ProxyChange> body, StealthDb db, SecretBox box, CancellationToken cancellationToken)
    {
        var proxy = await FindAsync(id, db, cancellationToken);
        var change = await body.ReadAsync();
        proxy.Name = change.Name ?? proxy.Name;
        proxy.Host = change.Host ?? proxy.Host;
        proxy.Port = change.Port ?? proxy.Port;
        proxy.Region = change.Region ?? proxy.Region;
        proxy.Username = change.Username ?? proxy.Username;
        if (change.Password is { } password)
            proxy.Credentials = box.Seal(password, id);
        await SaveAsync(db, cancellationToken);
        return TypedResults.Ok(ProxyView.Of(proxy));
    }

    private static async Task<NoContent> DeleteAsync(Guid id, StealthDb db, CancellationToken cancellationToken) =>
        await db.Set<Proxy>().Where(p => p.Id == id).ExecuteDeleteAsync(cancellationToken) == 1 ? TypedResults.NoContent() : throw Problem.NotFound("proxy");

    private static async Task<Proxy> FindAsync(Guid id, StealthDb db, CancellationToken cancellationToken) =>
        await db.Set<Proxy>().SingleOrDefaultAsync(p => p.Id == id, cancellationToken) ?? throw Problem.NotFound("proxy");

    private static Task SaveAsync(StealthDb db, CancellationToken cancellationToken) =>
        db.SaveUniqueAsync("proxy-exists", "There is a proxy of this name already.", cancellationToken);
}

internal sealed class NewProxyRules : AbstractValidator<NewProxy>
{
    public NewProxyRules()
    {
        RuleFor(p => p.Name).NotEmpty().Line(100);
        RuleFor(p => p.Host).NotEmpty().Must(ProxyRules.IsHost).WithMessage(ProxyRules.HostMessage);
        RuleFor(p => p.Port).InclusiveBetween(1, 65535);
        RuleFor(p => p.Region).Matches("^[A-Z]{2}$").WithMessage("A country code such as UY.");
        RuleFor(p => p.Username).Line(200);
        RuleFor(p => p.Username).NotEmpty().When(p => p.Password is not null).WithMessage("A password needs its user name.");
        RuleFor(p => p.Password).Line(1000).MinimumLength(1);
    }
}

internal sealed class ProxyChangeRules : AbstractValidator<ProxyChange>
{
    public ProxyChangeRules()
    {
        RuleFor(p => p.Name).Line(100).MinimumLength(1);
        RuleFor(p => p.Host).Must(ProxyRules.IsHost).WithMessage(ProxyRules.HostMessage);
        RuleFor(p => p.Port).InclusiveBetween(1, 65535);
        RuleFor(p => p.Region).Matches("^[A-Z]{2}$").WithMessage("A country code such as UY.");
        RuleFor(p => p.Username).Line(200).MinimumLength(1);
        RuleFor(p => p.Username).NotEmpty().When(p => p.Password is not null).WithMessage("A password needs its user name.");
        RuleFor(p => p.Password).Line(1000).MinimumLength(1);
    }
}

internal static class ProxyRules
{
    public const string HostMessage = "A host name or an IP address.";

    public static bool IsHost(string? host) => host is null || host.Length <= 253 && Uri.CheckHostName(host) != UriHostNameType.Unknown;
}
