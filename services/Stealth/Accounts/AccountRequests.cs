using FluentValidation;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Stealth.Dialects;
using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Accounts;

/// <summary>A new account. The secret goes in here, and never comes out.</summary>
/// <param name="BaseUrl">The operator's own server or a compatible gateway; needed for <c>ace-step</c>, else the provider's own address.</param>
/// <param name="Weight">1–1000: its share under the strategy <c>weighted</c>.</param>
/// <param name="KeyExpiresAt">When the provider ends the secret: operators are warned before.</param>
internal sealed record NewAccount(
    string? Provider, string? Name, string? ContractHolder, string? TermsUrl, string? Secret, string? BaseUrl, AccountLimits? Limits, int? Weight, IReadOnlyList<string>? Tags,
    Guid? ProxyId, DateTimeOffset? KeyExpiresAt);

/// <summary>Changes to an account; what is absent stays. An empty <c>baseUrl</c> stands for the provider's own address.</summary>
/// <param name="Secret">Replaces every key at once; for an overlap, add a key instead.</param>
/// <param name="ProxyId">All zeros for none.</param>
internal sealed record AccountChange(
    string? Name, string? ContractHolder, string? TermsUrl, string? Secret, string? BaseUrl, AccountLimits? Limits, int? Weight, IReadOnlyList<string>? Tags, Guid? ProxyId);

internal sealed class NewAccountRules : AbstractValidator<NewAccount>
{
    public NewAccountRules()
    {
        RuleFor(a => a.Provider).NotEmpty().Must(p => DialectCatalog.Find(p) is not null).WithMessage(DialectCatalog.Names);
        RuleFor(a => a.Name).NotEmpty().Line(100);
        RuleFor(a => a.ContractHolder).NotEmpty().Line(200);
        RuleFor(a => a.TermsUrl).NotEmpty().HttpUrl();
        RuleFor(a => a.Secret).NotEmpty().Secret();
        RuleFor(a => a.BaseUrl).ServerUrl();
        RuleFor(a => a.BaseUrl).NotEmpty().When(a => DialectCatalog.Find(a.Provider)?.SelfHosted == true).WithMessage("The address of the server.");
        RuleFor(a => a.Limits).SetValidator(new LimitRules()!);
        RuleFor(a => a.Weight).InclusiveBetween(1, 1000);
        RuleFor(a => a.Tags).Tags();
    }
}

internal sealed class AccountChangeRules : AbstractValidator<AccountChange>
{
    public AccountChangeRules()
    {
        RuleFor(a => a.Name).Line(100).MinimumLength(1);
        RuleFor(a => a.ContractHolder).Line(200).MinimumLength(1);
        RuleFor(a => a.TermsUrl).HttpUrl();
        RuleFor(a => a.Secret).Secret().MinimumLength(1);
        RuleFor(a => a.BaseUrl).ServerUrl().When(a => a.BaseUrl != "");
        RuleFor(a => a.Limits).SetValidator(new LimitRules()!);
        RuleFor(a => a.Weight).InclusiveBetween(1, 1000);
        RuleFor(a => a.Tags).Tags();
    }
}

internal static class AccountTextRules
{
    private const int MostTags = 20;

    /// <summary>What can stand in a header: visible ASCII on one line.</summary>
    public static IRuleBuilderOptions<T, string?> Secret<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => text is null || (text.Length <= 4000 && text.All(c => c is > ' ' and <= '~' or ' ')))
        .WithMessage("One line of at most 4000 ASCII characters.");

    /// <summary>Where a server is: scheme, host, and a path at most.</summary>
    public static IRuleBuilderOptions<T, string?> ServerUrl<T>(this IRuleBuilder<T, string?> rule) => rule.HttpUrl()
        .Must(text => text is null || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0))
        .WithMessage("An http or https address without user, query or fragment.");

    /// <summary>Labels of the operator's own.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> Tags<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) => rule
        .Must(tags => tags is null || (tags.Count <= MostTags && tags.All(t => t is { Length: > 0 and <= 40 } && !t.Any(char.IsControl))))
        .WithMessage($"At most {MostTags} tags of 1 to 40 characters.");
}
