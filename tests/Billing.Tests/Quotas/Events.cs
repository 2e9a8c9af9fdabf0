using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tests.Quotas;

/// <summary>Events as generation publishes them.</summary>
internal static class Events
{
    public static GenerationRequested Requested(Guid id, Guid user) => new()
    {
        EventId = Guid.CreateVersion7(),
        GenerationId = id,
        UserId = user,
        Tier = Tier.Free,
        Allowance = Allowance.Free,
        Quality = Quality.Standard,
        Sequence = 1,
    };

    public static GenerationCompleted Completed(Guid id, Guid user, long bytes = 1_000) => new()
    {
        EventId = Guid.CreateVersion7(),
        GenerationId = id,
        UserId = user,
        Tier = Tier.Free,
        Allowance = Allowance.Free,
        Quality = Quality.Standard,
        Title = "A track",
        Genre = "pop",
        Tempo = 120,
        Key = "C major",
        DurationSeconds = 60,
        Bytes = bytes,
        Visibility = Visibility.Private,
        Sequence = 3,
    };

    public static GenerationFailed Failed(Guid id, Guid user) =>
        new() { EventId = Guid.CreateVersion7(), GenerationId = id, UserId = user, Reason = "the renderer gave up", Sequence = 3 };

    public static GenerationCancelled Cancelled(Guid id, Guid user) =>
        new() { EventId = Guid.CreateVersion7(), GenerationId = id, UserId = user, Sequence = 3 };
}
