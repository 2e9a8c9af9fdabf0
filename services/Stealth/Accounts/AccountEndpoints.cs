using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Secrets;

namespace Son1kVers3.Stealth.Accounts;

/// <summary>A new account. The secret goes in here, and never comes out.</summary>
internal sealed record NewAccount(string? Provider, string? Name, string? ContractHolder, string? TermsUrl, string? Secret, AccountLimits? Limits);

/// <summary>Changes to an account; what is absent stays.</summary>
internal sealed record AccountChange(string? Name, string? ContractHolder, string? TermsUrl, string? Secret, AccountLimits? Limits);

/// <summary>An account as operators see it: of the secret only a mask.</summary>
internal sealed record AccountView(
    Guid Id, string Provider, string Name, string ContractHolder, string TermsUrl, AccountLimits Limits, HealthStatus Status, string SecretMask, DateTimeOffset CreatedAt)
{
    public static AccountView Of(Account a) => new(a.Id, a.Provider, a.Name, a.ContractHolder, a.TermsUrl, a.Limits, a.Status, a.SecretMask, a.CreatedAt);
}

internal static class AccountEndpoints
{
    public static void MapAccountEndpoints(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/stealth/accounts").WithTags("Stealth: accounts").RequireAuthorization(Roles.Operator);
        group.MapGet("/", ListAsync).WithSummary("Accounts, newest first").WithDescription("Secrets are masked.");
        group.MapGet("/{id:guid}", GetAsync).WithSummary("One account");
        group.MapPost("/", CreateAsync).WithIdempotency().WithSummary("Add an account").WithDescription("409 account-exists when the provider has one of this name.")
            .Produces<AccountView>(201).Refuses(409);
        group.MapPatch("/{id:guid}", ChangeAsync).WithSummary("Change an account, or replace its secret").Refuses(409);
        group.MapDelete("/{id:guid}", DeleteAsync).WithSummary("Remove an account and its secret");
    }

    private static async Task<Ok<Page<AccountView>>> ListAsync(PageQuery page, StealthDb db, CancellationToken cancellationToken)
    {
        var accounts = db.Set<Account>().AsNoTracking();
        if (page.After<Guid>() is { } after)
            accounts = accounts.Where(a => a.Id < after);
        var rows = await accounts.OrderByDescending(a => a.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<Account>.Of(rows, page.Limit, a => a.Id).Select(AccountView.Of));
    }

    private static async Task<Ok<AccountView>> GetAsync(Guid id, StealthDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok(AccountView.Of(await FindAsync(id, db, cancellationToken)));

    private static async Task<IResult> CreateAsync(
        Body<NewAccount> body, Operation operation, StealthDb db, SecretBox box, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        var account = new Account
        {
            Id = operation.Id,
            Provider = request.Provider!,
            Name = request.Name!,
            ContractHolder = request.ContractHolder!,
            TermsUrl = request.TermsUrl!,
            Limits = request.Limits ?? new AccountLimits(),
            Secret = box.Seal(request.Secret!, operation.Id),
            SecretMask = SecretBox.Mask(request.Secret!),
            CreatedAt = clock.GetUtcNow(),
        };
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(account);
        await SaveAsync(db, cancellationToken);
        var answer = await operation.RecordAsync(db, 201, AccountView.Of(account), $"/api/stealth/accounts/{account.Id}");
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    private static async Task<Ok<AccountView>> ChangeAsync(Guid id, Body<AccountChange> body, StealthDb db, SecretBox box, CancellationToken cancellationToken)
    {
        var account = await FindAsync(id, db, cancellationToken);
        var change = await body.ReadAsync();
        account.Name = change.Name ?? account.Name;
        account.ContractHolder = change.ContractHolder ?? account.ContractHolder;
        account.TermsUrl = change.TermsUrl ?? account.TermsUrl;
        account.Limits = change.Limits ?? account.Limits;
        if (change.Secret is { } secret)
            (account.Secret, account.SecretMask) = (box.Seal(secret, id), SecretBox.Mask(secret));
        await SaveAsync(db, cancellationToken);
        return TypedResults.Ok(AccountView.Of(account));
    }

    private static async Task<NoContent> DeleteAsync(Guid id, StealthDb db, CancellationToken cancellationToken) =>
        await db.Set<Account>().Where(a => a.Id == id).ExecuteDeleteAsync(cancellationToken) == 1 ? TypedResults.NoContent() : throw Problem.NotFound("account");

    private static async Task<Account> FindAsync(Guid id, StealthDb db, CancellationToken cancellationToken) =>
        await db.Set<Account>().SingleOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw Problem.NotFound("account");

    private static Task SaveAsync(StealthDb db, CancellationToken cancellationToken) =>
        db.SaveUniqueAsync("account-exists", "This provider has an account of this name already.", cancellationToken);
}

internal sealed class NewAccountRules : AbstractValidator<NewAccount>
{
    public NewAccountRules()
    {
        RuleFor(a => a.Provider).NotEmpty().Matches("^[a-z0-9][a-z0-9-]{0,39}$").WithMessage("1 to 40 of a–z, 0–9 and -.");
        RuleFor(a => a.Name).NotEmpty().Line(100);
        RuleFor(a => a.ContractHolder).NotEmpty().Line(200);
        RuleFor(a => a.TermsUrl).NotEmpty().HttpUrl();
        RuleFor(a => a.Secret).NotEmpty().Line(4000);
        RuleFor(a => a.Limits).SetValidator(new LimitRules()!);
    }
}

internal sealed class AccountChangeRules : AbstractValidator<AccountChange>
{
    public AccountChangeRules()
    {
        RuleFor(a => a.Name).Line(100).MinimumLength(1);
        RuleFor(a => a.ContractHolder).Line(200).MinimumLength(1);
        RuleFor(a => a.TermsUrl).HttpUrl();
        RuleFor(a => a.Secret).Line(4000).MinimumLength(1);
        RuleFor(a => a.Limits).SetValidator(new LimitRules()!);
    }
}

internal sealed class LimitRules : AbstractValidator<AccountLimits>
{
    public LimitRules()
    {
        RuleFor(l => l.Concurrency).InclusiveBetween(1, 1000);
        RuleFor(l => l.RequestsPerMinute).GreaterThan(0);
        RuleFor(l => l.RequestsPerDay).GreaterThan(0);
        RuleFor(l => l.RequestsPerMonth).GreaterThan(0);
        RuleFor(l => l.SpendCentsPerMonth).GreaterThan(0);
    }
}
