using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Secrets;

namespace Son1kVers3.Stealth.Accounts;

/// <summary>Writes accounts and their keys; what it answers with is in force at this replica, and at the others a moment later.</summary>
internal sealed class AccountStore(StealthDb db, SecretBox box, FleetCache fleet, TimeProvider clock)
{
    private readonly HashSet<Guid> _allowed = [];

    /// <summary>A proxy that comes into being in the same transaction may be named.</summary>
    public void Allow(Proxy? proxy)
    {
        if (proxy is not null)
            _allowed.Add(proxy.Id);
    }

    public async Task<Account> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await db.Set<Account>().Include(a => a.Keys).SingleOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw Problem.NotFound("account");

    /// <summary>Makes an account of a valid request; nothing is saved yet.</summary>
    public Account Create(NewAccount request, Guid id)
    {
        RequireAllowed(request.Provider!, request.BaseUrl);
        RequireProxy(request.ProxyId);
        var now = clock.GetUtcNow();
        return new Account
        {
            Id = id,
            Provider = request.Provider!,
            Name = request.Name!,
            ContractHolder = request.ContractHolder!,
            TermsUrl = request.TermsUrl!,
            BaseUrl = request.BaseUrl,
            Limits = request.Limits ?? new AccountLimits(),
            Weight = request.Weight ?? 1,
            Tags = [.. request.Tags ?? []],
            ProxyId = request.ProxyId,
            Health = new() { Since = now },
            Version = 1,
            CreatedAt = now,
            Keys = { NewKey(id, request.Secret!, request.KeyExpiresAt) },
        };
    }

    /// <summary>Changes an account as asked; nothing is saved yet.</summary>
    public void Change(Account account, AccountChange change)
    {
        var address = change.BaseUrl switch { null => account.BaseUrl, "" => null, var url => url };
        RequireAllowed(account.Provider, address);
        var proxy = change.ProxyId is { } asked ? asked == Guid.Empty ? null : change.ProxyId : account.ProxyId;
        RequireProxy(proxy);
        account.Name = change.Name ?? account.Name;
        account.ContractHolder = change.ContractHolder ?? account.ContractHolder;
        account.TermsUrl = change.TermsUrl ?? account.TermsUrl;
        account.BaseUrl = address;
        account.Limits = change.Limits ?? account.Limits;
        account.Weight = change.Weight ?? account.Weight;
        account.Tags = change.Tags is null ? account.Tags : [.. change.Tags];
        account.ProxyId = proxy;
        account.Version++;
        if (change.Secret is { } secret)
            AddKey(account, secret, expiresAt: null, TimeSpan.Zero);
    }

    /// <summary>Adds a key; the others give way to it after the overlap.</summary>
    public AccountKey AddKey(Account account, string secret, DateTimeOffset? expiresAt, TimeSpan overlap)
    {
        foreach (var other in account.Keys)
            KeyLifecycle.GiveWay(other, overlap, clock.GetUtcNow());
        var key = NewKey(account.Id, secret, expiresAt);
        db.Add(key);
        if (!account.Keys.Contains(key))
            account.Keys.Add(key);
        account.Version++;
        return key;
    }

    /// <summary>Saves in the running transaction.</summary>
    public Task SaveAsync(CancellationToken cancellationToken) =>
        db.SaveFleetAsync("account-exists", "This provider has an account of this name already.", cancellationToken);

    /// <summary>Saves in a transaction of its own, and puts it in force here.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await SaveAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await fleet.ReloadAsync(cancellationToken);
    }

    /// <summary>Removes an account with its keys, leases and use.</summary>
    public async Task DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Set<Account>().Where(a => a.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
            throw Problem.NotFound("account");
        await SaveAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await fleet.ReloadAsync(cancellationToken);
    }

    private AccountKey NewKey(Guid account, string secret, DateTimeOffset? expiresAt)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return new AccountKey { Id = id, AccountId = account, Secret = box.Seal(secret, id), Mask = SecretBox.Mask(secret), CreatedAt = now, ExpiresAt = expiresAt };
    }

    /// <summary>Secrets travel in the clear only inside the operator's own network.</summary>
    private void RequireAllowed(string provider, string? address)
    {
        var known = Require(provider);
        if (known.Dialect.SelfHosted && address is null)
            throw Problem.Invalid("baseUrl", "The address of the server.");
        if (address?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true && !known.Settings.AllowPrivateHosts)
            throw Problem.Invalid("baseUrl", "https, unless the provider's settings allow private hosts.");
    }

    /// <summary>What is known of an account's provider; accounts may be older than the list of providers.</summary>
    public ProviderFleet Require(string provider) => fleet.Current.Providers.GetValueOrDefault(provider)
        ?? throw Problem.Of(409, "unknown-provider", $"{provider} is none of the providers that can be used; the account can only be removed.");

    private void RequireProxy(Guid? id)
    {
        if (id is { } proxy && !_allowed.Contains(proxy) && !fleet.Current.Proxies.ContainsKey(proxy))
            throw Problem.Invalid("proxyId", "There is no such proxy.");
    }
}
