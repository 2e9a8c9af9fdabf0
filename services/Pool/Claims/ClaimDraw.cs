namespace Son1kVers3.Pool.Claims;

/// <summary>From which end of the pool a claim takes its track.</summary>
/// <remarks>
/// Half of the claims take any track: each one has a random place in [0, 1), and a claim takes the next one after a random point. A quarter
/// takes the one that has waited longest, so that no contribution lies in the pool for ever; an eighth the most liked one, an eighth the
/// newest. So neither the newest nor the most popular alone are handed out, and each choice is the first free row of an index.
/// </remarks>
internal sealed record ClaimDraw(string Condition, string Order, double From)
{
    /// <summary>The draw for a random number in [0, 1) and another one.</summary>
    public static ClaimDraw Of(double kind, double from) => kind switch
    {
        < 0.5 => Any(from),
        < 0.75 => new(All, "contributed_at, generation_id", 0),
        < 0.875 => new(All, "likes DESC, generation_id DESC", 0),
        _ => new(All, "contributed_at DESC, generation_id DESC", 0),
    };

    /// <summary>Any track, from a point on.</summary>
    public static ClaimDraw Any(double from) => new("draw >= $4", "draw", from);

    /// <summary>Each statement has the same parameters.</summary>
    private const string All = "$4::double precision IS NOT NULL";
}
