using FluentValidation;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;
using Son1kVers3.Stealth.Secrets;

namespace Son1kVers3.Stealth.Proxies;

/// <summary>A new proxy. The password goes in here, and never comes out.</summary>
internal sealed record NewProxy(string? Name, ProxyProtocol? Protocol, string? Host, int Port, string? Region, string? Username, string? Password)
{
    public Proxy Create(Guid id, SecretBox box, DateTimeOffset now) => new()
    {
        Id = id,
        Name = Name!,
        Protocol = Protocol ?? ProxyProtocol.Http,
        Host = Host!,
        Port = Port,
        Region = Region,
        Username = Username,
        Secret = Password is null ? null : box.Seal(Password, id),
        Health = new() { Since = now },
        Version = 1,
        CreatedAt = now,
    };
}

/// <summary>Changes to a proxy; what is absent stays. A password needs its user name beside it.</summary>
internal sealed record ProxyChange(string? Name, ProxyProtocol? Protocol, string? Host, int? Port, string? Region, string? Username, string? Password)
{
    public void ApplyTo(Proxy proxy, SecretBox box)
    {
        proxy.Name = Name ?? proxy.Name;
        proxy.Protocol = Protocol ?? proxy.Protocol;
        proxy.Host = Host ?? proxy.Host;
        proxy.Port = Port ?? proxy.Port;
        proxy.Region = Region ?? proxy.Region;
        proxy.Username = Username ?? proxy.Username;
        proxy.Version++;
        if (Password is { } password)
            proxy.Secret = box.Seal(password, proxy.Id);
    }
}

/// <summary>A proxy as operators see it.</summary>
/// <param name="AvailableInSeconds">0 when requests may go through it now; null when an operator must act.</param>
/// <param name="Ineligible">Why none may go through it now, or null.</param>
internal sealed record ProxyView(
    Guid Id, string Name, ProxyProtocol Protocol, string Host, int Port, string? Region, string? Username, bool HasPassword, HealthStatus Status, string? Reason,
    DateTimeOffset? Until, double? AvailableInSeconds, string? Ineligible, DateTimeOffset CreatedAt)
{
    public static ProxyView Of(Proxy p, DateTimeOffset now)
    {
        var isFree = p.Health.IsAvailable(now);
        return new ProxyView(
            p.Id, p.Name, p.Protocol, p.Host, p.Port, p.Region, p.Username, p.Secret is not null, p.Health.Status, p.Health.Reason, p.Health.Until,
            isFree ? 0 : p.Health.Until is { } until ? Math.Max(0, Math.Ceiling((until - now).TotalSeconds)) : null, isFree ? null : p.Health.Status.Name(), p.CreatedAt);
    }
}

internal sealed class NewProxyRules : AbstractValidator<NewProxy>
{
    public NewProxyRules()
    {
        RuleFor(p => p.Name).NotEmpty().Line(100);
        RuleFor(p => p.Host).NotEmpty().HostName();
        RuleFor(p => p.Port).InclusiveBetween(1, 65535);
        RuleFor(p => p.Region).Country();
        RuleFor(p => p.Username).Line(200);
        RuleFor(p => p.Username).NotEmpty().When(p => p.Password is not null).WithMessage(ProxyTextRules.NeedsUser);
        RuleFor(p => p.Password).Line(1000).MinimumLength(1);
    }
}

internal sealed class ProxyChangeRules : AbstractValidator<ProxyChange>
{
    public ProxyChangeRules()
    {
        RuleFor(p => p.Name).Line(100).MinimumLength(1);
        RuleFor(p => p.Host).HostName();
        RuleFor(p => p.Port).InclusiveBetween(1, 65535);
        RuleFor(p => p.Region).Country();
        RuleFor(p => p.Username).Line(200).MinimumLength(1);
        RuleFor(p => p.Username).NotEmpty().When(p => p.Password is not null).WithMessage(ProxyTextRules.NeedsUser);
        RuleFor(p => p.Password).Line(1000).MinimumLength(1);
    }
}

internal static class ProxyTextRules
{
    public const string NeedsUser = "A password needs its user name.";

    public static IRuleBuilderOptions<T, string?> HostName<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(host => host is null || (host.Length <= 253 && Uri.CheckHostName(host) != UriHostNameType.Unknown)).WithMessage("A host name or an IP address.");

    public static IRuleBuilderOptions<T, string?> Country<T>(this IRuleBuilder<T, string?> rule) => rule.Matches("^[A-Z]{2}$").WithMessage("A country code such as UY.");
}
