using System.Text.Json.Nodes;

namespace Son1kVers3.Stripe.Sandbox.Model;

/// <summary>
/// The state, its lock and its clocks. Everything that reads or writes the state holds <see cref="Gate"/>: the sandbox is small,
/// and one lock makes every call atomic the way a caller of Stripe experiences it.
/// </summary>
internal sealed class World(SandboxOptions options, TimeProvider time)
{
    /// <summary>The version that Stripe.net pins: every answer has its shape.</summary>
    public const string ApiVersion = "2026-10-28.endive";

    private long? _simulated;

    public Lock Gate { get; } = new();

    public SandboxState State { get; set; } = new();

    public SandboxOptions Options => options;

    public TimeProvider Time => time;

    /// <summary>Counts changes, so that the data file is written only when there is something new.</summary>
    public long Version { get; private set; }

    /// <summary>The request that runs now; events carry its id and idempotency key.</summary>
    public (string Id, string? IdempotencyKey)? Request { get; set; }

    /// <summary>Called after events were recorded, while the lock is held.</summary>
    public Action? EventsRecorded { get; set; }

    /// <summary>Chooses the deliveries of a new event; set by the webhook dispatcher.</summary>
    public Action<StripeEvent>? Route { get; set; }

    /// <summary>Now for an object: its test clock's frozen time, or the (possibly advanced) real time.</summary>
    public long Now(string? testClock) =>
        testClock is null ? _simulated ?? WallClock : State.TestClocks[testClock].FrozenTime;

    public long WallClock => time.GetUtcNow().ToUnixTimeSeconds() + State.ClockOffset;

    /// <summary>Sets a clock to the instant at which something falls due; null returns the real clock to itself.</summary>
    public void MoveTo(string? testClock, long? instant)
    {
        if (testClock is null)
        {
            _simulated = instant;
        }
        else if (instant is { } at)
        {
            State.TestClocks[testClock].FrozenTime = at;
        }
    }

    public T Add<T>(Dictionary<string, T> store, string prefix, string? testClock, T resource)
        where T : Resource
    {
        if (resource.Id.Length == 0)
        {
            resource.Id = Resource.NewId(prefix);
        }

        resource.Created = Now(testClock);
        resource.Ordinal = ++State.Ordinal;
        store.Add(resource.Id, resource);
        Touch();
        return resource;
    }

    /// <summary>
    /// Records an event with the object's present shape. An <c>.updated</c> event of an object in which nothing changed is not made.
    /// </summary>
    public void Emit(string type, JsonObject snapshot, string? testClock)
    {
        var id = (string)snapshot["id"]!;
        var previous = State.Snapshots.TryGetValue(id, out var before) ? Changes(before, snapshot) : null;
        if (type.EndsWith(".updated", StringComparison.Ordinal) && previous is { Count: 0 })
        {
            return;
        }

        State.Snapshots[id] = (JsonObject)snapshot.DeepClone();
        var happened = Add(State.Events, "evt_", testClock, new StripeEvent
        {
            Type = type,
            Object = snapshot,
            Previous = type.EndsWith(".updated", StringComparison.Ordinal) ? previous : null,
            RequestId = Request?.Id,
            IdempotencyKey = Request?.IdempotencyKey,
        });
        Route?.Invoke(happened);
        EventsRecorded?.Invoke();
    }

    public void Touch() => Version++;

    private static JsonObject Changes(JsonObject before, JsonObject after)
    {
        var changes = new JsonObject();
        foreach (var name in before.Select(p => p.Key).Union(after.Select(p => p.Key)))
        {
            if (!JsonNode.DeepEquals(before[name], after[name]))
            {
                changes[name] = before[name]?.DeepClone();
            }
        }

        return changes;
    }
}
