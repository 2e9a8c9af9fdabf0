using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Stealth.Accounts;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Proxies;
using Son1kVers3.Stealth.Secrets;

namespace Son1kVers3.Stealth.Transfer;

/// <summary>Accounts and proxies, to be read and written elsewhere. Secrets are masked; put them in before importing a new account.</summary>
internal sealed record Export(IReadOnlyList<ExportedAccount> Accounts, IReadOnlyList<ExportedProxy> Proxies);

/// <param name="Proxy">Its proxy, by name.</param>
internal sealed record ExportedAccount(
    string Provider, string Name, string ContractHolder, string TermsUrl, string? BaseUrl, AccountLimits Limits, int Weight, IReadOnlyList<string> Tags, string? Proxy, string Secret);

internal sealed record ExportedProxy(string Name, ProxyProtocol Protocol, string Host, int Port, string? Region, string? Username, string? Password);

/// <summary>What an export holds. Who is known by provider and name (proxies by name) is changed, others are added; a masked or missing secret stays as it is.</summary>
internal sealed record Import(IReadOnlyList<ImportedAccount>? Accounts, IReadOnlyList<ImportedProxy>? Proxies);

/// <param name="Proxy">Its proxy, by name.</param>
internal sealed record ImportedAccount(
    string? Provider, string? Name, string? ContractHolder, string? TermsUrl, string? BaseUrl, AccountLimits? Limits, int? Weight, IReadOnlyList<string>? Tags, string? Proxy, string? Secret)
{
    public NewAccount AsNew(Guid? proxy, string secret) => new(Provider, Name, ContractHolder, TermsUrl, secret, BaseUrl, Limits, Weight, Tags, proxy, null);
}

internal sealed record ImportedProxy(string? Name, ProxyProtocol? Protocol, string? Host, int Port, string? Region, string? Username, string? Password);

/// <summary>What an import did.</summary>
internal sealed record ImportResult(int AccountsAdded, int AccountsChanged, int ProxiesAdded, int ProxiesChanged);

internal static class TransferEndpoints
{
    public static void MapTransfer(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/stealth").WithTags("Stealth: accounts").RequireAuthorization(Roles.Operator);
        group.MapGet("/export", ExportAsync);
        group.MapPost("/import", ImportAsync).WithIdempotency();
        foreach (var part in (string[])["accounts", "proxies"])
        {
            group.MapGet($"/{part}/export", ExportAsync).WithName($"ExportStealth_{part}");
            group.MapPost($"/{part}/import", ImportAsync).WithName($"ImportStealth_{part}").WithIdempotency();
        }
    }

    [EndpointName("ExportStealth"), EndpointSummary("Accounts and proxies as JSON"), EndpointDescription("Secrets are masked. Below `/accounts` only accounts, below `/proxies` only proxies.")]
    private static async Task<Ok<Export>> ExportAsync(HttpContext http, StealthDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var path = http.Request.Path.Value!;
        var proxies = await db.Set<Proxy>().AsNoTracking().OrderBy(p => p.Name).ToListAsync(cancellationToken);
        var names = proxies.ToDictionary(p => p.Id, p => p.Name);
        var accounts = await db.Set<Account>().AsNoTracking().Include(a => a.Keys).OrderBy(a => a.Provider).ThenBy(a => a.Name).ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new Export(
            path.Contains("/proxies/", StringComparison.Ordinal) ? [] : [.. accounts.Select(a => new ExportedAccount(
                a.Provider, a.Name, a.ContractHolder, a.TermsUrl, a.BaseUrl, a.Limits, a.Weight, a.Tags, a.ProxyId is { } id ? names[id] : null, KeyLifecycle.Current(a.Keys, now)?.Mask ?? ""))],
            path.Contains("/accounts/", StringComparison.Ordinal) ? [] : [.. proxies.Select(p => new ExportedProxy(p.Name, p.Protocol, p.Host, p.Port, p.Region, p.Username, p.Secret is null ? null : Importer.Masked))]));
    }

    [EndpointName("ImportStealth"), EndpointSummary("Add or change accounts and proxies from JSON"),
     EndpointDescription("All or nothing. Who is known by provider and name (proxies by name) is changed, others are added. A secret that is masked or missing stays as it is; a new account needs one.")]
    private static async Task<Ok<ImportResult>> ImportAsync(Body<Import> body, Operation operation, StealthDb db, Importer importer, FleetCache fleet, CancellationToken cancellationToken)
    {
        var import = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var done = await importer.RunAsync(import, cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Ok(done));
        await transaction.CommitAsync(cancellationToken);
        await fleet.ReloadAsync(cancellationToken);
        return answer;
    }
}

internal sealed class ImportRules : AbstractValidator<Import>
{
    private const int Most = 1000;

    public ImportRules()
    {
        RuleFor(i => i.Accounts).Must(a => a is null || a.Count <= Most).WithMessage($"At most {Most}.");
        RuleFor(i => i.Proxies).Must(p => p is null || p.Count <= Most).WithMessage($"At most {Most}.");
    }
}
