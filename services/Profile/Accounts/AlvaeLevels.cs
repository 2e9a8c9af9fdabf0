using System.Globalization;
using Son1kVers3.Contracts;

namespace Son1kVers3.Profile.Accounts;

/// <summary>What one level of the badge is.</summary>
/// <param name="Level">The level.</param>
/// <param name="First">Its first number.</param>
/// <param name="Last">Its last number.</param>
/// <param name="Border">Colour of the frame on the profile.</param>
/// <param name="GenerationsPerMonth">In a calendar month; null when unlimited.</param>
/// <param name="RevenueSharePercent">Of paid invoices.</param>
/// <param name="PlatformFeePercent">When a marketplace comes; null: as everyone pays.</param>
/// <param name="Features">What it opens.</param>
internal sealed record AlvaeRank(
    AlvaeLevel Level, int First, int Last, string Border, int? GenerationsPerMonth, int RevenueSharePercent, int? PlatformFeePercent, IReadOnlyList<string> Features);

/// <summary>The levels of the ALVAE badge, their numbers and what comes with them. Numbers are given in order and never again.</summary>
internal static class AlvaeLevels
{
    public const int FounderNumber = 1;
    private const string Prefix = "ALVAE-";

    private static readonly AlvaeRank[] All =
    [
        new(AlvaeLevel.Founder, FounderNumber, FounderNumber, "#FFD700", null, 5, 0, ["all-unlocked", "alvae-channel", "early-access", "vote", "veto", "full-control"]),
        new(AlvaeLevel.Tester, 2, 99, "#00FFE7", null, 0, 0, ["all-unlocked", "alvae-channel", "vote", "direct-feedback"]),
        new(AlvaeLevel.EarlyAdopter, 100, 199, "#B84DFF", 1000, 0, null, ["all-unlocked", "alvae-channel", "early-access", "vote"]),
    ];

    public static AlvaeRank Of(AlvaeLevel level) => All[(int)level];

    /// <summary>The next number of a level whose highest number given so far is <paramref name="highest"/>; null when the level is full.</summary>
    public static int? Next(AlvaeLevel level, int? highest)
    {
        var rank = Of(level);
        var next = (highest ?? rank.First - 1) + 1;
        return next <= rank.Last ? next : null;
    }

    /// <summary>7 → <c>ALVAE-007</c>.</summary>
    public static string IdOf(int number) => Prefix + number.ToString("000", CultureInfo.InvariantCulture);

    /// <summary><c>ALVAE-007</c> → 7; null for anything that is written otherwise.</summary>
    public static int? NumberOf(string id) =>
        id.Length == Prefix.Length + 3 && id.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && int.TryParse(id.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
