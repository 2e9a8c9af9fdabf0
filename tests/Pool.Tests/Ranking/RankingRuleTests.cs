using FsCheck;
using FsCheck.Fluent;
using Son1kVers3.Pool.Ranking;

namespace Son1kVers3.Pool.Tests.Ranking;

[Trait("Category", "Unit")]
public sealed class RankingRuleTests
{
    [Theory]
    [InlineData(nameof(Timeframe.Week), "2026-11-23", "2026-11-23", "2026-11-30")]
    [InlineData(nameof(Timeframe.Week), "2026-11-29", "2026-11-23", "2026-11-30")]
    [InlineData(nameof(Timeframe.Week), "2027-01-01", "2026-12-28", "2027-01-04")]
    [InlineData(nameof(Timeframe.Month), "2028-02-29", "2028-02-01", "2028-03-01")]
    [InlineData(nameof(Timeframe.AllTime), "2026-11-25", "1970-01-01", null)]
    public void Period_OfADay_IsOfTheUtcCalendar_WithWeeksFromMonday(string timeframe, string day, string startsOn, string? endsOn)
    {
        var period = RankingPeriod.Of(Enum.Parse<Timeframe>(timeframe), DateOnly.Parse(day));

        Assert.Equal((DateOnly.Parse(startsOn), endsOn is null ? (DateOnly?)null : DateOnly.Parse(endsOn)),
            (period.StartsOn, period.EndsOn));
    }

    [Fact]
    public void Find_SeesWhoLikesBack_DirectlyAndAroundCorners_AndNotWhoIsMerelyLiked()
    {
        Guid[] m = [.. Enumerable.Range(0, 9).Select(n => new Guid(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]))];
        LikeEdge[] edges =
        [
            new(m[0], m[1], 5), new(m[1], m[0], 4),
            new(m[2], m[3], 3), new(m[3], m[4], 3), new(m[4], m[2], 3),
            // A star and an admirer; too few likes; likes many, and one of them back.
            new(m[5], m[0], 9), new(m[6], m[7], 2), new(m[7], m[6], 2), new(m[8], m[5], 3), new(m[8], m[1], 40),
        ];

        var rings = LikeRings.Find(edges);

        Assert.Equal([[m[0], m[1]], [m[2], m[3], m[4]]], rings.OrderBy(r => r.Members[0]).Select(r => r.Members));
        Assert.Equal([9, 9], rings.Select(r => r.Likes));
    }

    [Fact]
    public void Find_OfAnyGraph_PutsTwoMembersTogetherExactlyWhenEachIsReachedFromTheOther()
    {
        var edges = Gen.Choose(0, 7).Zip(Gen.Choose(0, 7)).ArrayOf().Select(pairs => pairs.Distinct().ToArray());
        Prop.ForAll(edges.ToArbitrary(), pairs =>
        {
            Guid[] m = [.. Enumerable.Range(0, 8).Select(n => new Guid(n + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]))];
            var strong = pairs.Where(p => p.Item1 != p.Item2 && 3 >= LikeRings.LeastShare * 3 * pairs.Count(o => o.Item1 == p.Item1))
                .ToHashSet();
            var rings = LikeRings.Find([.. pairs.Select(p => new LikeEdge(m[p.Item1], m[p.Item2], 3))]);
            var reach = Reach(strong);
            return Enumerable.Range(0, 8).All(a => Enumerable.Range(0, 8).Where(b => b != a).All(b =>
                (reach.Contains((a, b)) && reach.Contains((b, a))) == rings.Any(r =>
                    r.Members.Contains(m[a]) && r.Members.Contains(m[b]))));
        }).QuickCheckThrowOnFailure();
    }

    private static HashSet<(int, int)> Reach(HashSet<(int, int)> edges)
    {
        var reach = edges.ToHashSet();
        for (var via = 0; via < 8; via++)
            reach.UnionWith([.. from a in Enumerable.Range(0, 8) where reach.Contains((a, via)) from b in Enumerable.Range(0,
                8) where reach.Contains((via, b)) select (a, b)]);
        return reach;
    }
}
