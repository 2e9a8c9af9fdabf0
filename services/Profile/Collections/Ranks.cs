namespace Son1kVers3.Profile.Collections;

/// <summary>The order of a collection by hand.</summary>
/// <remarks>
/// <para>
/// Items stand in the order of their ranks, numbers with wide gaps: whoever moves an item gives it a number between its new neighbours and writes no
/// other row. So two editors who move different items at once don't meet at all, which one version of the whole list would make them do: each move
/// would refuse those of everybody else (412), and with many of them hardly one would get through.
/// </para>
/// <para>
/// Whole numbers rather than fractions or strings: a gap of 2^20 takes twenty moves to the very same place, and then the collection, which is locked
/// anyway, is numbered anew by one statement. Strings would grow instead, and need that, too. They stay far below 2^53, so that clients in JavaScript
/// compare them exactly.
/// </para>
/// </remarks>
internal static class Ranks
{
    /// <summary>Between neighbours in a collection that was just numbered.</summary>
    public const long Step = 1 << 20;

    /// <summary>A rank between two others, or at the end that is open; null when there is no room left.</summary>
    public static long? Between(long? before, long? after) => (before, after) switch
    {
        (null, null) => 0,
        ({ } last, null) => last + Step,
        (null, { } first) => first - Step,
        ({ } low, { } high) => high - low < 2 ? null : low + ((high - low) / 2),
    };
}
