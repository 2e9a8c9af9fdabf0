using FsCheck;
using FsCheck.Fluent;
using Npgsql;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Tests.Hosting;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tests.Quotas;

/// <summary>Random lives of a member's quota, step by step against the model; each step is a statement as production sends it.</summary>
[Trait("Category", "Integration")]
public class LedgerPropertyTests(BillingApp app) : IClassFixture<BillingApp>
{
    private const int Lives = 400;

    // The same lives at each run: what fails here fails again. The second one must be odd.
    private const ulong Seed = 20261122;
    private const ulong Gamma = 1_000_003;
    private static readonly DateTimeOffset Birth = new(2026, 1, 31, 23, 50, 0, TimeSpan.Zero);

    /// <summary>What happens next; the numbers choose among few possibilities, so that things meet.</summary>
    public sealed record Step(int Kind, int Which, int How);

    [Fact]
    public async Task Ledger_InAnyLife_DoesWhatTheModelDoes()
    {
        var steps =
            (from kind in Gen.Choose(0, 15) from which in Gen.Choose(0, 7) from how in Gen.Choose(0, 11) select new Step(kind, which, how))
                .ListOf();
        var life = Arb.From(steps, Shorter);

        // The service's own sweeper must find nothing overdue beside us.
        app.Clock.Set(Birth.AddDays(-1));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Lives).WithEndSize(80).WithReplay(Seed, Gamma), Prop.ForAll(life, Live));

        Assert.Empty(await LedgerChecks.DifferencesAsync(app.Database));
    }

    private static IEnumerable<List<Step>> Shorter(List<Step> steps) =>
        Enumerable.Range(0, steps.Count).Select(i => (List<Step>)[.. steps.Where((_, at) => at != i)]);

    private void Live(List<Step> steps)
    {
        using var connection = app.Database.OpenConnection();
        var member = new Member(connection, Guid.CreateVersion7());
        foreach (var step in steps)
            member.Do(step);
        member.CompareBuckets();
    }

    private sealed class Member(NpgsqlConnection connection, Guid userId)
    {
        private readonly Guid[] _ids = [.. Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7())];
        private readonly QuotaModel _model = new(userId);
        private DateTimeOffset _now = Birth;

        public void Do(Step step)
        {
            var id = _ids[step.Which];
            switch (step.Kind)
            {
                case <= 5:
                    Reserve(step, id);
                    break;
                case <= 9:
                    var action = step.Kind switch { 6 => "confirm", 7 or 8 => "commit", _ => "release" };
                    Assert.Equal(_model.Settle(id, action), Text("SELECT settle_quota($1, $2, $3, 'test', $4)", id, userId, action, _now));
                    break;
                case 10:
                    Assert.Equal(_model.ReleaseAsked(id), Text("SELECT release_asked($1, $2, 'test', $3)", id, userId, _now));
                    break;
                case 11:
                    _model.Expire(_now);
                    Text("SELECT expire_overdue($1, $2)::text FROM lock_account($1)", userId, _now);
                    break;
                case 12 or 13:
                    _now += step.How switch
                    {
                        <= 4 => TimeSpan.FromMinutes(4),
                        <= 7 => TimeSpan.FromMinutes(11),
                        <= 9 => TimeSpan.FromHours(9),
                        _ => TimeSpan.FromDays(9)
                    };
                    break;
                default:
                    Change(step);
                    break;
            }
        }

        public void CompareBuckets()
        {
            using var command = new NpgsqlCommand(
                "SELECT allowance, period_start, reserved, used FROM buckets WHERE user_id = $1 AND (reserved, used) <> (0, 0)", connection)
            {
                Parameters = { new() { Value = userId } },
            };
            using var reader = command.ExecuteReader();
            var actual = new Dictionary<(Allowance, DateTimeOffset), (int, int)>();
            while (reader.Read())
                actual[((Allowance)reader.GetInt16(0), reader.GetFieldValue<DateTimeOffset>(1))] = (reader.GetInt32(2), reader.GetInt32(3));
            Assert.Equal(
                _model.Buckets().Where(b => b.Value != (0, 0)).OrderBy(b => b.Key),
                actual.OrderBy(b => b.Key).Select(b => KeyValuePair.Create(b.Key, b.Value)));
        }

        private void Reserve(Step step, Guid id)
        {
            var ask = new ReserveQuota
            {
                ReservationId = id,
                UserId = userId,
                Quality = step.How == 11 ? Quality.Ultra : Quality.Standard,
                FurtherIds = step.How is 9 or 10 ? [_ids[(step.Which + 1) % _ids.Length]] : [],
                Attempt = step.How == 8 ? 1 : 0,
            };
            var before = _model.Buckets();
            var expected = _model.Reserve(ask, _now);
            using var command = new NpgsqlCommand(QuotaLedger.Statement, connection);
            QuotaLedger.Bind(command.Parameters, ask, _now);
            using var reader = command.ExecuteReader();
            reader.Read();
            Assert.Equal(expected, reader.GetString(0));
            if (expected == "granted" && _model.Buckets().Sum(b => b.Value.Reserved) > before.Sum(b => b.Value.Reserved))
                RequireRoom();
        }

        /// <summary>Nothing is granted beyond the limit of this instant.</summary>
        private void RequireRoom()
        {
            var (reserved, used) = _model.Buckets()[(_model.Account.EntitlementAt(_now).Allowance, _model.Account.BucketAt(_now).Start)];
            Assert.True(_model.Account.EntitlementAt(_now).Units is not { } limit || reserved + used <= limit);
        }

        /// <summary>Upgrades, downgrades, renewals, ends, gifts and badges.</summary>
        private void Change(Step step)
        {
            var account = _model.Account;
            _model.Account = step.How switch
            {
                <= 3 => Paid(account, (Tier)(step.How % 4)),
                4 => account with { PaidUntil = account.PaidTier == Tier.Free ? null : _now + TimeSpan.FromHours(5) },
                5 => account with { PeriodStart = _now, PeriodEnd = _now.AddMonths(1) },
                6 => account with { CompTier = Tier.Creator, CompFrom = Birth, CompUntil = GivenUntil(step) },
                7 => account with { CompTier = Tier.Free },
                8 => account with { Alvae = (AlvaeLevel)(step.Which % 3) },
                _ => account with { Alvae = null },
            };
            Store(_model.Account);
        }

        private DateTimeOffset? GivenUntil(Step step) => step.Which < 4 ? null : _now + TimeSpan.FromHours(30);

        private Account Paid(Account account, Tier tier) => account with
        {
            PaidTier = tier,
            PaidUntil = null,
            PeriodStart = account.PeriodStart ?? _now,
            PeriodEnd = account.PeriodEnd ?? _now.AddMonths(1),
        };

        private void Store(Account a) => Text(
            """
            INSERT INTO accounts (user_id, paid_tier, paid_until, period_start, period_end, comp_tier, comp_from, comp_until, alvae)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (user_id) DO UPDATE SET paid_tier = excluded.paid_tier, paid_until = excluded.paid_until,
                period_start = excluded.period_start, period_end = excluded.period_end,
                comp_tier = excluded.comp_tier, comp_from = excluded.comp_from, comp_until = excluded.comp_until, alvae = excluded.alvae
            RETURNING ''
            """,
            userId,
            (short)a.PaidTier,
            a.PaidUntil,
            a.PeriodStart,
            a.PeriodEnd,
            (short)a.CompTier,
            a.CompFrom,
            a.CompUntil,
            (short?)a.Alvae);

        private string? Text(string sql, params object?[] values)
        {
            using var command = new NpgsqlCommand(sql, connection);
            foreach (var value in values)
                command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
            return (string?)command.ExecuteScalar();
        }
    }
}
