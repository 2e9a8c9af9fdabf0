using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Projection;
using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tests.Tiers;

[Trait("Category", "Unit")]
public class CatalogueTests
{
    [Fact]
    public void Plans_AreThoseOfTheContract() => Assert.Equal(
        [
            (Tier.Free, 0, 3, QuotaPeriod.Day, Quality.Standard, 1_000_000_000L),
            (Tier.Creator, 999, 50, QuotaPeriod.Month, Quality.High, 10_000_000_000L),
            (Tier.Pro, 2999, 200, QuotaPeriod.Month, Quality.Ultra, 100_000_000_000L),
            (Tier.Studio, 9999, 1000, QuotaPeriod.Month, Quality.Ultra, null),
        ],
        TierCatalogue.Plans.Select(p => (p.Tier, p.PriceCents, p.Units, p.Period, p.BestQuality, p.StorageBytes)));

    [Theory]
    [InlineData(Tier.Free, null, Allowance.Free, 3)]
    [InlineData(Tier.Pro, null, Allowance.Paid, 200)]
    [InlineData(Tier.Free, AlvaeLevel.Founder, Allowance.Alvae, null)]
    [InlineData(Tier.Studio, AlvaeLevel.Tester, Allowance.Alvae, null)]
    [InlineData(Tier.Free, AlvaeLevel.EarlyAdopter, Allowance.Alvae, 1000)]
    [InlineData(Tier.Pro, AlvaeLevel.EarlyAdopter, Allowance.Alvae, 1000)]
    [InlineData(Tier.Studio, AlvaeLevel.EarlyAdopter, Allowance.Paid, 1000)]
    public void Entitlement_WhenTierAndLevelMeet_OneAllowanceCounts(Tier tier, AlvaeLevel? level, Allowance allowance, int? units)
    {
        var entitlement = Entitlement.Of(tier, level);

        Assert.Equal((allowance, units), (entitlement.Allowance, entitlement.Units));
        Assert.Equal(level is null ? tier : Tier.Studio, entitlement.Plan.Tier);
    }

    [Fact]
    public void BusinessModel_For60_30_10_IsExact()
    {
        var model = BusinessModel.Of(60, 30, 10);

        Assert.Equal([59_940L, 89_970, 99_990], model.Tiers.Select(t => t.MonthlyCents));
        Assert.Equal(
            (249_900, 2_998_800, 950, 10),
            (model.MonthlyCents, model.YearlyCents, model.PoolGenerationsPerMonth, model.FreeUsersSustained));
    }
}
