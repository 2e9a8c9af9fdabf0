namespace Son1kVers3.Pool.Contributions;

/// <summary>The pool's share: of every <see cref="OneIn"/> tracks that a member's paid allowance completes, one is contributed.</summary>
/// <remarks>
/// Exact and per member, without dice: after <c>n</c> completed generations <c>n / 20</c> (integer) have been contributed by the
/// accumulator. What a member contributes by hand does not count here. When nothing can be contributed at the moment, the difference stays
/// owed.
/// </remarks>
internal static class Accumulator
{
    /// <summary>5%.</summary>
    public const int OneIn = 20;

    /// <summary>How many tracks are due now, never negative.</summary>
    /// <param name="completed">Completed generations of the paid allowance, ever.</param>
    /// <param name="contributed">Tracks that the accumulator has contributed, ever.</param>
    public static long Due(long completed, long contributed) => Math.Max(0, completed / OneIn - contributed);

    /// <summary>How many completions of the paid allowance bring the next contribution, 1 to 20.</summary>
    public static int NextIn(long completed) => OneIn - (int)(completed % OneIn);
}
