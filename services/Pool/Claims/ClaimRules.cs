namespace Son1kVers3.Pool.Claims;

/// <summary>How a claim ends.</summary>
internal enum ClaimOutcome
{
    Claimed,

    /// <summary>The caller pays, or holds an ALVAE badge.</summary>
    NotForTier,
    Spent,
    Empty,
}

/// <summary>Who may claim, and how often.</summary>
internal static class ClaimRules
{
    /// <summary>Claims of a UTC day.</summary>
    public const int PerDay = 3;

    /// <summary>The outcome from what the statement saw; that the pool is empty is decided last.</summary>
    /// <param name="used">Claims of the day before this one.</param>
    public static ClaimOutcome Outcome(bool mayClaim, int used, bool claimed) =>
        claimed ? ClaimOutcome.Claimed
        : !mayClaim ? ClaimOutcome.NotForTier
        : used >= PerDay ? ClaimOutcome.Spent
        : ClaimOutcome.Empty;

    public static int Remaining(int used) => Math.Max(0, PerDay - used);

    public static DateOnly DayOf(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    /// <summary>The next UTC midnight.</summary>
    public static DateTimeOffset ResetAt(DateTimeOffset now) => new(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
}
