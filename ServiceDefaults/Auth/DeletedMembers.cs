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
    private readonly ConcurrentDictionary<Guid, DeletionNews> _expected = [];

    /// <summary>Whether this member's tokens are void.</summary>
    public bool Contains(Guid member) => _until.TryGetValue(member, out var until) && clock.GetUtcNow() < until;

    /// <summary>For who deletes a member, before the commit: to wait until the event has come back from the broker, and so went to every process.</summary>
    public DeletionNews Expect(Guid member) => _expected[member] = new DeletionNews(news => _expected.TryRemove(new(member, news)));

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
            if (_expected.TryGetValue(context.Message.UserId, out var news))
                news.Hear();
            return Task.CompletedTask;
        });
    });
}

/// <summary>That a member is deleted, on its way through the broker.</summary>
public sealed class DeletionNews(Action<DeletionNews> forget) : IDisposable
{
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Returns when it was heard, or after <paramref name="longest"/>.</summary>
    public async Task HeardAsync(TimeSpan longest) => await Task.WhenAny(_heard.Task, Task.Delay(longest));

    internal void Hear() => _heard.TrySetResult();

    /// <inheritdoc />
    public void Dispose() => forget(this);
}
