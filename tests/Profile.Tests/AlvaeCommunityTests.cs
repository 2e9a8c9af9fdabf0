using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using FsCheck;
using FsCheck.Fluent;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Alvae;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
public sealed class AlvaeCommunityTests(FounderFixture founder) : IClassFixture<FounderFixture>
{
    private readonly ProfileFixture fixture = founder.Profile;

    [Fact]
    public async Task Channel_WhenWithoutABadge_IsClosed()
    {
        using var boss = fixture.Client(founder.Founder.AccessToken);
        using var ordinary = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        await (await ordinary.GetAsync("/api/alvae/channel")).IsProblemAsync(403, "alvae-only");
        await (await ordinary.PostAsJsonAsync("/api/alvae/channel", new { text = "hello" })).IsProblemAsync(403, "alvae-only");
        Assert.Equal(HttpStatusCode.Created, (await boss.PostAsJsonAsync("/api/alvae/channel", new { text = "welcome" })).StatusCode);
        var (_, tester) = await BadgeAsync("TESTER");
        Assert.Equal("welcome", (string)(await (await tester.GetAsync("/api/alvae/channel")).JsonAsync())["items"]![0]!["text"]!);
    }

    [Fact]
    public async Task Feedback_WhenATesterWrites_IsBetweenTheTwo()
    {
        using var boss = fixture.Client(founder.Founder.AccessToken);
        var (member, tester) = await BadgeAsync("TESTER");
        var (_, other) = await BadgeAsync("TESTER");
        var (_, adopter) = await BadgeAsync("EARLY_ADOPTER");
        Assert.Equal(HttpStatusCode.Created, (await tester.PostAsJsonAsync("/api/alvae/feedback", new { text = "the bass is loud" })).StatusCode);
        // The clock stands: without a step both would be of one instant.
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        await (await adopter.PostAsJsonAsync("/api/alvae/feedback", new { text = "me too" })).IsProblemAsync(403, "testers-only");
        await (await boss.PostAsJsonAsync("/api/alvae/feedback", new { text = "thanks" })).IsProblemAsync(400, "validation");
        Assert.Equal(HttpStatusCode.Created, (await boss.PostAsJsonAsync("/api/alvae/feedback", new { text = "thanks", username = member.Username })).StatusCode);
        Assert.Equal(["thanks", "the bass is loud"], (await (await tester.GetAsync("/api/alvae/feedback")).JsonAsync())["items"]!.AsArray().Select(m => (string)m!["text"]!));
        Assert.Empty((await (await other.GetAsync("/api/alvae/feedback")).JsonAsync())["items"]!.AsArray());
        Assert.Contains((await (await boss.GetAsync("/api/notifications")).JsonAsync())["items"]!.AsArray(), n => (string)n!["kind"]! == "alvae-feedback");
    }

    [Fact]
    public async Task Proposal_WhenVotedOnAndVetoed_EndsAsTheFounderSays()
    {
        using var boss = fixture.Client(founder.Founder.AccessToken);
        var (_, tester) = await BadgeAsync("TESTER");
        using var ordinary = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        var id = (Guid)(await (await tester.PostAsJsonAsync("/api/alvae/proposals", new { title = "dark mode", text = "please" })).JsonAsync())["id"]!;
        await (await ordinary.PutAsJsonAsync($"/api/alvae/proposals/{id}/vote", new { inFavour = true })).IsProblemAsync(403, "alvae-only");
        for (var i = 0; i < 2; i++)
            (await tester.PutAsJsonAsync($"/api/alvae/proposals/{id}/vote", new { inFavour = i == 0 })).EnsureSuccessStatusCode();
        var seen = await (await boss.PutAsJsonAsync($"/api/alvae/proposals/{id}/vote", new { inFavour = true })).JsonAsync();
        Assert.Equal((1, 1, true, "open"), ((int)seen["inFavour"]!, (int)seen["against"]!, (bool)seen["myVote"]!, (string)seen["status"]!));
        await (await tester.PutAsJsonAsync($"/api/alvae/proposals/{id}/veto", new { reason = "no" })).IsProblemAsync(403, "founder-only");
        Assert.Equal("vetoed", (string)(await (await boss.PutAsJsonAsync($"/api/alvae/proposals/{id}/veto", new { reason = "later" })).JsonAsync())["status"]!);
        await (await tester.PutAsJsonAsync($"/api/alvae/proposals/{id}/vote", new { inFavour = true })).IsProblemAsync(409, "proposal-closed");
    }

    [Fact]
    public async Task RevenueShare_WhenInvoicesArePaidAndRefunded_IsExactToTheCent()
    {
        using var boss = fixture.Client(founder.Founder.AccessToken);
        var paid = new InvoicePaid { EventId = Guid.CreateVersion7(), OccurredAt = At(3, 31, 23, 59), UserId = Guid.NewGuid(), InvoiceId = "in_1", AmountCents = 999, Currency = "USD", BillingReason = "subscription_create" };
        await fixture.Bus.PublishAsync(paid);
        await fixture.Bus.PublishAsync(paid);
        await fixture.Bus.PublishAsync(new InvoiceRefunded { EventId = Guid.CreateVersion7(), OccurredAt = At(4, 1, 0, 0), UserId = paid.UserId, InvoiceId = "in_1", AmountCents = 999, Currency = "usd" });
        await fixture.Bus.PublishAsync(new InvoicePaid { EventId = Guid.CreateVersion7(), OccurredAt = At(5, 2, 1, 1), UserId = paid.UserId, InvoiceId = "in_2", AmountCents = 2999, Currency = "usd", BillingReason = "subscription_cycle" });
        await Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>("SELECT count(*) FROM revenue_entries") == 3, "the invoices are known");
        Assert.Equal((49L, 0L), await ShareAsync(boss, "2026-03"));
        Assert.Equal((0L, -999L), await ShareAsync(boss, "2026-04"));
        Assert.Equal((100L, 0L), await ShareAsync(boss, "2026-05"));
        await (await boss.GetAsync("/api/alvae/revenue-share?month=2026-13")).IsProblemAsync(400, "validation");
        using var ordinary = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        await (await ordinary.GetAsync("/api/alvae/revenue-share")).IsProblemAsync(403, "founder-only");
    }

    private static DateTimeOffset At(int month, int day, int hour, int minute) => new(2026, month, day, hour, minute, 0, TimeSpan.Zero);

    private static async Task<(long Share, long CarriedOut)> ShareAsync(HttpClient boss, string month)
    {
        var share = (await (await boss.GetAsync($"/api/alvae/revenue-share?month={month}")).JsonAsync())["shares"]![0]!;
        return ((long)share["shareCents"]!, (long)share["carriedOutCents"]!);
    }

    private async Task<(Member Member, HttpClient Client)> BadgeAsync(string level)
    {
        var member = await fixture.RegisterAsync();
        using var boss = fixture.Client(founder.Founder.AccessToken);
        (await boss.GrantAsync(member.Username, level)).EnsureSuccessStatusCode();
        return (member, fixture.Client(member.AccessToken));
    }
}

/// <summary>All numbers of both levels, through two replicas.</summary>
[Trait("Category", "Integration")]
public sealed class ThousandGrantsTests(FounderFixture founder) : IClassFixture<FounderFixture>
{
    private readonly ProfileFixture fixture = founder.Profile;

    [Fact]
    public async Task Grant_WhenAThousandComeAtOnceToTwoReplicas_GivesExactly98And100()
    {
        await using var replica = await ServiceHost<Program>.StartAsync(
            "profile", new Dictionary<string, string?> { ["Passwords:Iterations"] = "1000", ["Alvae:FounderEmail"] = ProfileFixture.FounderEmail }, fixture.Clock, fixture.Profile);
        await fixture.ScalarAsync<object>(
            """
            INSERT INTO accounts (id, email, email_key, username, username_key, password_hash, display_name, links, is_operator, analytics_opt_out, sequence, created_at)
            SELECT gen_random_uuid(), 'm' || n, 'm' || n, 'member' || n, 'member' || n, '', 'm', '{}', false, false, 0, now() FROM generate_series(1, 1000) n
            """);
        using var here = fixture.Client(founder.Founder.AccessToken);
        using var there = replica.Client();
        there.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", founder.Founder.AccessToken);
        var answers = new ConcurrentBag<(string Level, HttpStatusCode Status, string Body)>();
        await Parallel.ForEachAsync(Enumerable.Range(1, 1000), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (n, cancellationToken) =>
        {
            var level = n % 2 == 0 ? "TESTER" : "EARLY_ADOPTER";
            using var answer = await (n % 4 < 2 ? here : there).GrantAsync($"member{n}", level);
            answers.Add((level, answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken)));
        });

        Assert.Equal(98, answers.Count(a => a is { Level: "TESTER", Status: HttpStatusCode.Created }));
        Assert.Equal(100, answers.Count(a => a is { Level: "EARLY_ADOPTER", Status: HttpStatusCode.Created }));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => Assert.True(a.Status == HttpStatusCode.Conflict && a.Body.Contains("alvae-level-full", StringComparison.Ordinal), a.Body));
        Assert.Equal(199, await fixture.ScalarAsync<long>("SELECT count(DISTINCT number) FROM alvae_grants"));
    }
}

[Trait("Category", "Unit")]
public sealed class RevenueShareTests
{
    private static readonly DateOnly First = new(2026, 1, 1);

    [Fact]
    public void Share_WhateverIsPaidAndRefunded_NeverExceedsFivePercentOfWhatStayed() => Prop.ForAll<(short Paid, short Refunded)[]>(amounts =>
    {
        var months = (amounts ?? []).Select((a, i) => (Month: First.AddMonths(i), Paid: (long)Math.Abs((int)a.Paid), Refunded: (long)Math.Abs((int)a.Refunded))).ToList();
        var shares = months.Select(m => RevenueShare.Of("usd", months, m.Month, 5)).ToList();
        // Each month begins with what the one before carried, and what is paid out is 5% of all that was positive, rounded down a month.
        return shares.All(s => s is { ShareCents: >= 0, CarriedInCents: <= 0, CarriedOutCents: <= 0 } && (s.ShareCents == 0 || s.CarriedOutCents == 0))
            && shares.Zip(shares.Skip(1)).All(p => p.First.CarriedOutCents == p.Second.CarriedInCents)
            && shares.All(s => s.ShareCents == Math.Max(0, s.CarriedInCents + s.PaidCents - s.RefundedCents) * 5 / 100);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(false, 13, 5, 3, ProposalStatus.Open)]
    [InlineData(false, 14, 5, 3, ProposalStatus.Accepted)]
    [InlineData(false, 14, 3, 3, ProposalStatus.Rejected)]
    [InlineData(false, 14, 0, 0, ProposalStatus.Rejected)]
    [InlineData(true, 1, 9, 0, ProposalStatus.Vetoed)]
    public void StatusOf_WhenTheVotesAreIn_IsDecidedByThemAndTheVeto(bool vetoed, int days, int inFavour, int against, object status)
    {
        var begun = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal((ProposalStatus)status, ProposalRules.StatusOf(vetoed, begun + AlvaeProposal.VotingPeriod, inFavour, against, begun.AddDays(days)));
    }
}
