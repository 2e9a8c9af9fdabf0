using System.Collections.Concurrent;
using MassTransit;
using Son1kVers3.Contracts;

namespace Son1kVers3.Generation.Tests;

/// <summary>Answers for billing: grants up to a limit for a user, remembers what was given and released.</summary>
internal sealed class FakeBilling
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, HashSet<Guid>> _reserved = [];
    private readonly HashSet<Guid> _released = [];

    /// <summary>Units for a user; unlimited when not named.</summary>
    public ConcurrentDictionary<Guid, int> Limits { get; } = [];

    public ConcurrentDictionary<Guid, int> Priorities { get; } = [];

    public ConcurrentDictionary<Guid, string> Denials { get; } = [];

    /// <summary>Users whose questions get no answer.</summary>
    public ConcurrentDictionary<Guid, bool> Mute { get; } = [];

    public static DateTimeOffset ResetAt { get; } = DateTimeOffset.UtcNow.AddHours(5);

    public int Reserved(Guid user)
    {
        lock (_lock)
            return _reserved.GetValueOrDefault(user)?.Count ?? 0;
    }

    public bool IsReleased(Guid id)
    {
        lock (_lock)
            return _released.Contains(id);
    }

    public QuotaDecision Decide(ReserveQuota question)
    {
        lock (_lock)
        {
            if (!_reserved.TryGetValue(question.UserId, out var units))
                _reserved[question.UserId] = units = [];
            Guid[] ids = [question.ReservationId, .. question.FurtherIds];
            var limit = Limits.GetValueOrDefault(question.UserId, int.MaxValue);
            var denial = Denials.GetValueOrDefault(question.UserId)
                ?? (ids.Any(_released.Contains) ? "reservation-released" : units.Union(ids).Count() > limit ? "quota-exceeded" : null);
            if (denial is null)
                units.UnionWith(ids);
            return new QuotaDecision
            {
                ReservationId = question.ReservationId,
                Granted = denial is null,
                Denial = denial,
                Tier = Tier.Free,
                Allowance = Allowance.Free,
                Priority = Priorities.GetValueOrDefault(question.UserId),
                Remaining = limit == int.MaxValue ? null : limit - units.Count,
                ResetAt = ResetAt,
                UpgradeTo = denial is null ? null : Tier.Creator,
            };
        }
    }

    public void Connect(IReceiveEndpointConfigurator endpoint)
    {
        endpoint.Handler<ReserveQuota>(context =>
        {
            var decision = Decide(context.Message);
            return Mute.ContainsKey(context.Message.UserId) ? Task.CompletedTask : context.RespondAsync(decision);
        });
        endpoint.Handler<ReleaseQuota>(context => Release(context.Message.UserId, context.Message.ReservationId));
        endpoint.Handler<GenerationFailed>(context => Release(context.Message.UserId, context.Message.GenerationId));
        endpoint.Handler<GenerationCancelled>(context => Release(context.Message.UserId, context.Message.GenerationId));
    }

    private Task Release(Guid user, Guid id)
    {
        lock (_lock)
        {
            _released.Add(id);
            _reserved.GetValueOrDefault(user)?.Remove(id);
        }

        return Task.CompletedTask;
    }
}
