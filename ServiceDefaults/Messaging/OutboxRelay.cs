using System.Diagnostics.Metrics;
using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>Brings what stands in the outbox to the broker.</summary>
/// <remarks>
/// <para>Rows are claimed for ten seconds, published, and deleted once the broker has confirmed them; replicas share the work, and no transaction is open meanwhile. A relay
/// that dies leaves its claim to run out, and another one publishes again: at least once, with the same message id, which the inbox of every consumer knows.
/// It is woken when this process commits (<see cref="OutboxCommits"/>), and looks every second for what others left.</para>
/// <para>A row that cannot be read, or that the broker refuses again and again, is set aside: it is told in the log, in <c>/health</c> and in a metric, stays in the table
/// until an operator replays it, and holds nothing else up. While the broker is away a single row is tried, not a batch.</para>
/// </remarks>
internal sealed class OutboxRelay : PeriodicWorker
{
    private const int BatchSize = 100;
    private static readonly Counter<long> SetAside = new Meter("Son1kVers3.Outbox").CreateCounter<long>("outbox.set_aside", description: "Events that could not be published.");

    private readonly OutboxStore _store;
    private readonly OutboxPublisher _publisher;
    private bool _away;

    public OutboxRelay(OutboxStore store, OutboxSignal signal, OutboxPublisher publisher, TimeProvider clock, ILogger<OutboxRelay> log)
        : base(new Schedule(TimeSpan.FromSeconds(1)) { StartsAtOnce = true }, clock, log)
    {
        (_store, _publisher) = (store, publisher);
        signal.Committed += Wake;
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        int most, found;
        do
        {
            most = _away ? 1 : BatchSize;
            found = await RelayAsync(most, cancellationToken);
        }
        while (found > 0 && (found == most || most == 1));
    }

    private async Task<int> RelayAsync(int most, CancellationToken cancellationToken)
    {
        var rows = await _store.ClaimAsync(most, cancellationToken);
        if (rows.Count == 0)
            return 0;
        var outcomes = await Task.WhenAll(rows.Select(row => _publisher.PublishAsync(row, cancellationToken)));
        if (IdsOf<PublishOutcome.Confirmed>() is { Length: > 0 } confirmed)
            await _store.DeleteAsync(confirmed, cancellationToken);
        foreach (var (row, outcome) in rows.Zip(outcomes))
        {
            if (outcome is PublishOutcome.Refused refused)
                await RefuseAsync(row, refused, cancellationToken);
        }

        var away = outcomes.OfType<PublishOutcome.Away>().FirstOrDefault();
        _away = away is not null;
        if (away is null)
            return rows.Count;
        await _store.ReleaseAsync(IdsOf<PublishOutcome.Away>(), cancellationToken);
        throw new ConnectionException($"The broker does not confirm: {away.Reason}");

        Guid[] IdsOf<T>() => [.. rows.Zip(outcomes).Where(r => r.Second is T).Select(r => r.First.Id)];
    }

    private async Task RefuseAsync(OutboxMessage row, PublishOutcome.Refused refused, CancellationToken cancellationToken)
    {
        if (!await _store.RefuseAsync(row.Id, refused.Error, refused.ForEver, cancellationToken))
            return;
        SetAside.Add(1, new KeyValuePair<string, object?>("type", row.Type));
        Log.LogError("Event {Id} of type {Type} cannot be published and is set aside: {Reason}", row.Id, row.Type, refused.Error);
    }
}

/// <summary>Degraded while events are set aside.</summary>
internal sealed class OutboxHealth(OutboxStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await store.CountSetAsideAsync(cancellationToken) is > 0 and var count
            ? HealthCheckResult.Degraded($"{count} events could not be published and are set aside; replay the outbox once the cause is mended.")
            : HealthCheckResult.Healthy();
}
