using System.Collections.Concurrent;
using MassTransit;
using Son1kVers3.Contracts;

namespace Son1kVers3.ServiceDefaults.Auth;

/// <summary>Members whose accounts are gone, for as long as a token of theirs may still look good.</summary>
/// <remarks>
/// <see cref="UserDeleted"/> lies in a stream of the broker, which every process reads from twenty minutes back when it starts: a restarted replica knows as much as the others.
/// </remarks>
public sealed class DeletedMembers(TimeProvider clock)
{
    internal const string StreamName = "son1k.deleted-members";

    /// <summary>A token's fifteen minutes, and some for clocks and queues.</summary>
    internal static readonly TimeSpan Keep = TimeSpan.FromMinutes(20);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _until = [];

    /// <summary>Whether this member's tokens are void.</summary>
    public bool Contains(Guid member) => _until.TryGetValue(member, out var until) && clock.GetUtcNow() < until;

    /// <summary>From now on the member's tokens are void here; every other process hears it by the event.</summary>
    public void Add(Guid member, DateTimeOffset deletedAt)
    {
        var now = clock.GetUtcNow();
        foreach (var (old, until) in _until)
        {
            if (until <= now)
                _until.TryRemove(old, out _);
        }

        if (deletedAt + Keep > now)
            _until[member] = deletedAt + Keep;
    }

    internal void Listen(IRabbitMqBusFactoryConfigurator rabbit) => rabbit.ReceiveEndpoint(StreamName, endpoint =>
    {
        endpoint.Stream(stream => stream.FromTimestamp((clock.GetUtcNow() - Keep).UtcDateTime));
        endpoint.SetQueueArgument("x-max-age", "1h");
        endpoint.PrefetchCount = 100;
        endpoint.Handler<UserDeleted>(context =>
        {
            Add(context.Message.UserId, context.Message.OccurredAt);
            return Task.CompletedTask;
        });
    });
}
