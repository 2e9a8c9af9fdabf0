namespace Son1kVers3.Stripe.Sandbox.Model;

internal sealed class SubscriptionSchedule : Resource
{
    public required string Customer { get; set; }

    public string? TestClock { get; set; }

    public string? Subscription { get; set; }

    public string? ReleasedSubscription { get; set; }

    public string Status { get; set; } = "active";

    public string EndBehavior { get; set; } = "release";

    public List<SchedulePhase> Phases { get; set; } = [];

    /// <summary>When the present phase was entered: phases that ended before are done with.</summary>
    public long EnteredAt { get; set; }

    public long? ReleasedAt { get; set; }

    public long? CanceledAt { get; set; }

    public long? CompletedAt { get; set; }

    public SchedulePhase? PhaseAt(long now) => Phases.LastOrDefault(phase => phase.Start <= now && now < phase.End);
}

internal sealed record SchedulePhase(long Start, long End, List<PricedItem> Items, string ProrationBehavior, Dictionary<string, string> Metadata);
