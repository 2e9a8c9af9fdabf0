using StackExchange.Redis;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>Slots of one provider that this replica gives back: they go with its next take, or by themselves a few milliseconds later.</summary>
/// <remarks>A call each would double what Redis has to do for a request. A slot that comes back late, or never, is a limit kept too well.</remarks>
internal sealed class GivenBack
{
    private static readonly TimeSpan Latest = TimeSpan.FromMilliseconds(5);
    private readonly Lock _lock = new();
    private readonly List<RedisValue> _slots = [];
    private readonly Timer _timer;
    private bool _due;

    /// <param name="send">Sends what no take has taken along.</param>
    public GivenBack(Action send) => _timer = new Timer(_ =>
    {
        lock (_lock)
            _due = false;
        send();
    });

    public void Add(Guid account, string ticket)
    {
        lock (_lock)
        {
            _slots.Add(RotationStore.Id(account));
            _slots.Add(ticket);
            if (_due)
                return;
            _due = true;
        }

        _timer.Change(Latest, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Account, ticket, account, ticket, …: whoever takes them sends them.</summary>
    public RedisValue[] Take()
    {
        lock (_lock)
        {
            if (_slots.Count == 0)
                return [];
            RedisValue[] slots = [.. _slots];
            _slots.Clear();
            return slots;
        }
    }
}
