using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Stealth.Dialects;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;
using Son1kVers3.Stealth.Rotation;
using Son1kVers3.Stealth.Watch;

namespace Son1kVers3.Stealth.Egress;

/// <summary>Brings a request to a provider: takes a slot, sends it, learns from the outcome, and takes the next account where that is right.</summary>
internal sealed class EgressHandler(
    FleetCache fleet, Rotator rotator, EgressLeases leases, Attempts attempts, OutcomeRecorder outcomes, EgressMetrics metrics, CapacityReport capacity, TimeProvider clock)
{
    /// <summary>Failed attempts that were not refusals: a request that breaks everywhere is not sent for ever.</summary>
    private const int MostFailures = 5;
    private const int MostAttempts = 50;

    public async Task ServeAsync(HttpContext http, string provider, string? path)
    {
        var call = EgressCall.Read(http, provider, path, fleet.Current);
        if (call.ResultHost is not null)
        {
            await FetchResultAsync(http, call);
            return;
        }

        var body = await ReplayBody.ReadAsync(http);
        var deadline = clock.GetUtcNow() + call.Timeout;
        var lease = await leases.UseAsync(call, http.RequestAborted);
        var tried = new HashSet<Guid>();
        Slot? current = null;
        http.Response.OnStarting(() => TellSlot(http, call, current));
        for (var (attempt, failures) = (1, 0); ; attempt++)
        {
            var slot = current = await TakeAsync(call, lease, tried, deadline, http);
            bool MayRetry(ErrorClass error) => IsReplayable(error, sent: true, http, call, body) && failures + 1 < MostFailures && attempt < MostAttempts && clock.GetUtcNow() < deadline;
            var result = await AttemptAsync(http, call, slot, body, deadline, MayRetry);
            if (result.Answered || result.IsCallersDoing)
                return;
            if (result.IsRefused)
                throw Problem.Of(502, "address-refused", "The account's address is private or link-local, which the provider's settings don't allow.");
            var error = result.Error!.Value;
            failures += error.Refuses() ? 0 : 1;
            if (!(MayRetry(error) || (failures < MostFailures && IsReplayable(error, result.Sent, http, call, body))) || clock.GetUtcNow() >= deadline)
                throw Broken(http, result);
            metrics.FailedOver(provider);
            if (!result.RetrySameAccount)
                tried.Add(slot.Account.Id);
        }
    }

    /// <summary>Takes a slot on an account that this request has not tried, or on any when all were.</summary>
    private async Task<Slot> TakeAsync(EgressCall call, Lease? lease, HashSet<Guid> tried, DateTimeOffset deadline, HttpContext http)
    {
        var begun = clock.GetTimestamp();
        var provider = call.Provider.Settings.Name;
        while (true)
        {
            var ticket = Guid.CreateVersion7(clock.GetUtcNow());
            var request = new TakeRequest(
                provider, lease is null ? TakeMode.Take : TakeMode.Call, ticket.ToString("N"), call.User, call.CostCents, lease is null ? tried : null, lease,
                lease is not null ? TimeSpan.FromSeconds(lease.Seconds) : call.LeaseSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            // While others are left to try, there is no waiting for them.
            var take = await rotator.TakeAsync(request, tried.Count > 0 && lease is null ? clock.GetUtcNow() : deadline, http.RequestAborted);
            if (take is Take.Granted granted)
            {
                metrics.Waited(provider, clock.GetElapsedTime(begun));
                if (await SlotOfAsync(call, lease, granted, ticket, http) is { } slot)
                    return slot;
                continue;
            }

            if (tried.Count == 0 || lease is not null)
                throw await capacity.RefuseAsync(call.Provider, (Take.Busy)take, lease?.AccountId, http.RequestAborted);
            tried.Clear();
        }
    }

    /// <summary>The account, key and proxy of a slot; null when the account went or has no key, whose slot is given back.</summary>
    private async Task<Slot?> SlotOfAsync(EgressCall call, Lease? lease, Take.Granted granted, Guid ticket, HttpContext http)
    {
        var held = lease is null ? ticket.ToString("N") : null;
        var (account, key) = Find(granted.Account, lease);
        if (key is null)
        {
            // Another replica may know of it before this one does.
            await fleet.ReloadAsync(http.RequestAborted);
            (account, key) = Find(granted.Account, lease);
        }

        var now = fleet.Current;
        if (account is null || key is null)
        {
            await outcomes.WithoutKeyAsync(call.Provider.Settings.Name, granted.Account, held, isKnown: account is not null);
            return lease is null ? null : throw Problem.Of(409, "lease-lost", "The key that this lease began with is revoked.");
        }

        if (call.LeaseSeconds is { } seconds && lease is null)
        {
            lease = await leases.BeginAsync(call.Provider.Settings.Name, account.Id, key.Id, ticket, seconds, http.RequestAborted);
            return new Slot(account, key, now.ProxyOf(account), ticket.ToString("N"), lease);
        }

        return new Slot(account, key, now.ProxyOf(account), held, lease);
    }

    private (Account? Account, AccountKey? Key) Find(Guid id, Lease? lease)
    {
        var account = fleet.Current.Accounts.GetValueOrDefault(id);
        return (account, account is null ? null
            : lease is null ? KeyLifecycle.Current(account.Keys, clock.GetUtcNow())
            : account.Keys.Find(k => k.Id == lease.KeyId && k.Secret is not null));
    }

    private async Task<AttemptResult> AttemptAsync(HttpContext http, EgressCall call, Slot slot, ReplayBody body, DateTimeOffset deadline, Func<ErrorClass, bool> mayRetry)
    {
        var provider = call.Provider.Settings.Name;
        var begun = clock.GetUtcNow();
        using var activity = metrics.StartAttempt(provider, slot.Account.Id);
        AttemptResult? result = null;
        try
        {
            result = await attempts.RunAsync(http, call, body, slot.Account, slot.Key, slot.Proxy, deadline, mayRetry);
        }
        finally
        {
            result = await outcomes.RecordAsync(call, slot, result, begun);
            if (slot.Lease is { } lease && call.LeaseSeconds is not null && result is not { Answered: true, Error: null })
                await leases.DropAsync(lease);
        }

        activity?.SetTag("stealth.outcome", result.Error?.Name() ?? "ok");
        metrics.Attempted(provider, result.Error?.Name() ?? "ok", result.Duration);
        return result;
    }

    private static Task TellSlot(HttpContext http, EgressCall call, Slot? slot)
    {
        if (slot is null)
            return Task.CompletedTask;
        http.Response.Headers["X-Stealth-Account"] = slot.Account.Id.ToString();
        // A job that did not begin holds nothing.
        var begun = call.LeaseSeconds is null || !http.Response.Headers.ContainsKey("X-Stealth-Error");
        if (slot.Lease is { } lease && begun)
            http.Response.Headers[EgressCall.LeaseHeader] = lease.Token;
        return Task.CompletedTask;
    }

    /// <summary>Results lie on hosts that need no account: no slot, no secret.</summary>
    private async Task FetchResultAsync(HttpContext http, EgressCall call)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
            throw Problem.Of(405, "method-not-allowed", "Results are only read.");
        var lease = await leases.UseAsync(call, http.RequestAborted);
        var account = lease is null ? null : fleet.Current.Accounts.GetValueOrDefault(lease.AccountId);
        var body = await ReplayBody.ReadAsync(http);
        var result = await attempts.RunAsync(http, call, body, account, null, account is null ? null : fleet.Current.ProxyOf(account), clock.GetUtcNow() + call.Timeout, _ => false);
        if (result is { Answered: false, IsCallersDoing: false })
            throw Broken(http, result);
    }

    /// <summary>Whether sending it again, elsewhere, is right after this error.</summary>
    private static bool IsReplayable(ErrorClass error, bool sent, HttpContext http, EgressCall call, ReplayBody body)
    {
        if (!error.BlamesAccount() || call.Replay == Replay.Never || !body.IsKept || http.Response.HasStarted)
            return false;
        var method = http.Request.Method;
        return error.Refuses() || !sent || call.Replay == Replay.Always
            || HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) || HttpMethods.IsOptions(method);
    }

    private static ProblemException Broken(HttpContext http, AttemptResult result)
    {
        http.Response.Headers["X-Stealth-Error"] = (result.Error ?? ErrorClass.Transient).Name();
        return result.Reason.Contains("in time", StringComparison.Ordinal)
            ? Problem.Of(504, "gateway-timeout", "The provider did not answer in time.")
            : Problem.Of(502, "bad-gateway", $"The provider could not be used: {result.Reason}.");
    }
}

/// <summary>What an attempt goes with.</summary>
/// <param name="Ticket">The slot to give back afterwards; null when a lease keeps it.</param>
internal sealed record Slot(Account Account, AccountKey Key, Proxy? Proxy, string? Ticket, Lease? Lease);
