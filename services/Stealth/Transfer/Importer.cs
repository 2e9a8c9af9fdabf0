using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Stealth.Accounts;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Proxies;
using Son1kVers3.Stealth.Secrets;

namespace Son1kVers3.Stealth.Transfer;

/// <summary>Writes an import in the running transaction, by the rules of single accounts and proxies.</summary>
internal sealed class Importer(StealthDb db, AccountStore accounts, SecretBox box, IValidator<NewAccount> accountRules, IValidator<NewProxy> proxyRules, TimeProvider clock)
{
    /// <summary>What stands for a secret that is there; as an import it means that it stays.</summary>
    public const string Masked = "••••";

    // Stands in for a secret that stays, so that the other fields can be checked.
    private const string Unchanged = "unchanged";

    public async Task<ImportResult> RunAsync(Import import, CancellationToken cancellationToken)
    {
        var proxies = await db.Set<Proxy>().ToDictionaryAsync(p => p.Name, cancellationToken);
        var result = new ImportResult(0, 0, 0, 0);
        foreach (var (proxy, i) in (import.Proxies ?? []).Select((p, i) => (p, i)))
            result = Write(proxy, $"proxies[{i}]", proxies) ? result with { ProxiesAdded = result.ProxiesAdded + 1 } : result with { ProxiesChanged = result.ProxiesChanged + 1 };
        await db.SaveFleetAsync("proxy-exists", "Two proxies of the import have one name.", cancellationToken);

        var known = await db.Set<Account>().Include(a => a.Keys).ToDictionaryAsync(a => (a.Provider, a.Name), cancellationToken);
        foreach (var (account, i) in (import.Accounts ?? []).Select((a, i) => (a, i)))
            result = Write(account, $"accounts[{i}]", known, proxies) ? result with { AccountsAdded = result.AccountsAdded + 1 } : result with { AccountsChanged = result.AccountsChanged + 1 };
        await accounts.SaveAsync(cancellationToken);
        return result;
    }

    private bool Write(ImportedProxy? proxy, string at, Dictionary<string, Proxy> known)
    {
        var request = proxy is null ? throw Problem.Invalid(at, "An object.") : new NewProxy(proxy.Name, proxy.Protocol, proxy.Host, proxy.Port, proxy.Region, proxy.Username, Given(proxy.Password));
        Check(proxyRules.Validate(request), at);
        if (known.TryGetValue(request.Name!, out var old))
        {
            new ProxyChange(request.Name, request.Protocol, request.Host, request.Port, request.Region, request.Username, request.Password).ApplyTo(old, box);
            return false;
        }

        var now = clock.GetUtcNow();
        var added = request.Create(Guid.CreateVersion7(now), box, now);
        db.Add(known[added.Name] = added);
        return true;
    }

    private bool Write(ImportedAccount? account, string at, Dictionary<(string, string), Account> known, Dictionary<string, Proxy> proxies)
    {
        if (account is null)
            throw Problem.Invalid(at, "An object.");
        var proxy = account.Proxy is null ? null : proxies.GetValueOrDefault(account.Proxy) ?? throw Problem.Invalid($"{at}.proxy", "There is no proxy of this name.");
        var old = account is { Provider: { } provider, Name: { } name } ? known.GetValueOrDefault((provider, name)) : null;
        var secret = Given(account.Secret);
        var request = account.AsNew(proxy?.Id, secret ?? (old is null ? "" : Unchanged));
        Check(accountRules.Validate(request), at);
        accounts.Allow(proxy);
        if (old is null)
        {
            var added = accounts.Create(request, Guid.CreateVersion7(clock.GetUtcNow()));
            db.Add(known[(added.Provider, added.Name)] = added);
            return true;
        }

        accounts.Change(old, new AccountChange(
            request.Name, request.ContractHolder, request.TermsUrl, secret, request.BaseUrl ?? "", request.Limits, request.Weight, request.Tags, proxy?.Id ?? Guid.Empty));
        return false;
    }

    private static string? Given(string? secret) => string.IsNullOrEmpty(secret) || secret.StartsWith(Masked, StringComparison.Ordinal) ? null : secret;

    private static void Check(FluentValidation.Results.ValidationResult result, string at)
    {
        if (!result.IsValid)
            throw Problem.Invalid(result.ToDictionary().ToDictionary(e => $"{at}.{char.ToLowerInvariant(e.Key[0])}{e.Key[1..]}", e => e.Value));
    }
}
