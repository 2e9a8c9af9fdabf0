using FsCheck;
using FsCheck.Fluent;
using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Tests.Health;

[Trait("Category", "Unit")]
public sealed class OutlierPolicyTests
{
    private static readonly OutlierPolicy Policy = new();

    [Fact]
    public void Decide_WhenOneFailsMuchMoreThanItsPeers_EjectsIt()
    {
        var accounts = Enumerable.Range(0, 5).Select(i => Sample(errors: i == 2 ? 80 : 1)).ToList();

        var decision = Policy.Decide(accounts);

        Assert.Equal(accounts[2].Id, Assert.Single(decision.Eject).Id);
        Assert.Contains("80% of 100", decision.Eject[0].Reason);
    }

    [Fact]
    public void Decide_WhenOneIsMuchSlower_EjectsIt()
    {
        var accounts = Enumerable.Range(0, 5).Select(i => Sample(mean: i == 4 ? 900 : 100)).ToList();

        Assert.Equal(accounts[4].Id, Assert.Single(Policy.Decide(accounts).Eject).Id);
    }

    [Fact]
    public void Decide_WhenItHadFewRequests_Waits() => Assert.Empty(Policy.Decide([Sample(requests: 19, errors: 19), Sample(), Sample(), Sample()]).Eject);

    [Fact]
    public void Decide_WhenMostFail_EjectsOnlyTheShare_TheWorstFirst()
    {
        var accounts = Enumerable.Range(0, 10).Select(i => Sample(errors: 60 + i)).ToList();

        Assert.Equal([accounts[9].Id, accounts[8].Id, accounts[7].Id], Policy.Decide(accounts).Eject.Select(e => e.Id));
    }

    [Fact]
    public void Decide_WhenFewAreLeft_TakesOutliersBack()
    {
        var outlier = Sample(available: false, ejected: true);
        OutlierSample[] accounts = [outlier, Sample(available: false), Sample(available: false), Sample(available: false)];

        Assert.Equal([outlier.Id], Policy.Decide(accounts).Readmit);
    }

    [Fact]
    public void Decide_WhateverTheAccountsDo_KeepsMoreThanThePanicShare() => Prop.ForAll(Fleets(), accounts =>
    {
        var decision = Policy.Decide(accounts);
        var left = accounts.Count(a => a.Available) - decision.Eject.Count;
        var away = accounts.Count(a => a.Ejected && !a.Available) + decision.Eject.Count;
        return decision.Eject.Count == 0 || (left >= 1 && left >= accounts.Length * Policy.PanicShare && away <= accounts.Length * Policy.LargestShare);
    }).QuickCheckThrowOnFailure();

    private static Arbitrary<OutlierSample[]> Fleets() =>
        (from available in Gen.Choose(0, 1)
         from ejected in Gen.Choose(0, 1)
         from requests in Gen.Choose(0, 200)
         from share in Gen.Choose(0, 100)
         from mean in Gen.Choose(1, 5000)
         select new OutlierSample(Guid.CreateVersion7(), available == 1, ejected == 1 && available == 0, requests, requests * share / 100, mean)).ArrayOf().ToArbitrary();

    private static OutlierSample Sample(long requests = 100, long errors = 0, double mean = 100, bool available = true, bool ejected = false) =>
        new(Guid.CreateVersion7(), available, ejected, requests, errors, mean);
}
