extern alias billing;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using billing::Son1kVers3.Billing.Quotas;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Load;

/// <summary>Reservations: what the service's statement does a second beside pgbench with the same statement on the same server, and how long an answer over RabbitMQ takes at 500 a second.</summary>
internal static class ReservationsLoad
{
    private const int Callers = 16;
    private const int Members = 10_000;
    private const int AsksPerSecond = 500;
    private const int WarmSeconds = 8;

    public static async Task RunAsync(string[] args)
    {
        var seconds = args is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 10;
        await using var service = await ServiceHost<billing::Program>.StartAsync("billing");
        await using var database = NpgsqlDataSource.Create(service.Database);
        await SeedAsync(database);

        Console.WriteLine($"{Callers} callers, {Members} members, {seconds} s each, the two in turn");
        // What a service is after its first seconds, and not its just-in-time compiler, is to be measured.
        await ReserveAsync(service.Services.GetRequiredService<QuotaLedger>(), WarmSeconds);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < 3; round++)
        {
            theirs.Add(await PgBench.RunAsync(service.Database, Script(), Callers, seconds));
            ours.Add(await ReserveAsync(service.Services.GetRequiredService<QuotaLedger>(), seconds));
            Console.WriteLine($"  pgbench {theirs[^1],8:F0}/s   service {ours[^1],8:F0}/s   ratio {ours[^1] / theirs[^1]:F2}");
        }

        Console.WriteLine($"  median ratio {ours.Zip(theirs, (o, t) => o / t).Order().ElementAt(1):F2}");
        await using (var asker = await Asker.StartAsync(service.Messaging))
        {
            await AskAsync(asker, WarmSeconds);
            Console.WriteLine(await AskAsync(asker, seconds));
        }

        await using var check = database.CreateCommand("SELECT count(*) FROM ledger_differences");
        Console.WriteLine($"ledger differences: {await check.ExecuteScalarAsync()}");
    }

    /// <summary>Members with a thousand a month, so that what is measured is granting.</summary>
    private static async Task SeedAsync(NpgsqlDataSource database)
    {
        await using var seed = database.CreateCommand(
            $"INSERT INTO accounts (user_id, comp_tier, comp_from) SELECT md5(n::text)::uuid, 3, now() FROM generate_series(1, {Members}) AS n; ANALYZE accounts");
        await seed.ExecuteNonQueryAsync();
    }

    private static Guid Member(int number) => Guid.Parse(Convert.ToHexString(System.Security.Cryptography.MD5.HashData(
        System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)))));

    private static ReserveQuota Ask() =>
        new() { ReservationId = Guid.CreateVersion7(), UserId = Member(Random.Shared.Next(1, Members + 1)), Quality = Quality.High };

    private static async Task<double> ReserveAsync(QuotaLedger ledger, int seconds)
    {
        var granted = 0;
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds)
            {
                if ((await ledger.ReserveAsync(Ask(), CancellationToken.None)).Granted)
                    Interlocked.Increment(ref granted);
            }
        })));
        process.Refresh();
        Console.WriteLine($"  service: {(process.TotalProcessorTime - before).TotalMicroseconds / granted:F0} µs of CPU a reservation, without the server's");
        return granted / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>At a fixed rate whether answers come or not: a slow one does not slow the asking down.</summary>
    private static async Task<string> AskAsync(Asker asker, int seconds)
    {
        var latencies = new ConcurrentBag<TimeSpan>();
        var pending = new List<Task>();
        var begun = Stopwatch.GetTimestamp();
        for (var asked = 0; asked < AsksPerSecond * seconds; asked++)
        {
            var due = TimeSpan.FromSeconds((double)asked / AsksPerSecond) - Stopwatch.GetElapsedTime(begun);
            if (due > TimeSpan.FromMilliseconds(1))
                await Task.Delay(due);
            pending.Add(OneAsync());
        }

        await Task.WhenAll(pending);
        var times = new Percentiles(latencies);
        return $"over RabbitMQ at {AsksPerSecond}/s: {times.Count} answers, p50 {times.At(50):F1} ms, p99 {times.At(99):F1} ms, max {times.At(100):F1} ms";

        async Task OneAsync() => latencies.Add(await asker.AskAsync(Ask()));
    }

    /// <summary>The service's own statement, with the arrays that it binds as literals.</summary>
    private static string Script()
    {
        using var bound = new NpgsqlCommand();
        QuotaLedger.Bind(bound.Parameters, Ask(), TimeProvider.System.GetUtcNow());
        string[] values =
        [
            "ARRAY[gen_random_uuid()]", "md5(:member::text)::uuid", "0", $"'{bound.Parameters[3].Value}'", "1", "false", "now()", "now() + interval '15 minutes'",
            .. bound.Parameters.Skip(8).Select(p => Literal((Array)p.Value!)),
        ];
        var statement = QuotaLedger.Statement;
        for (var i = values.Length; i > 0; i--)
            statement = statement.Replace($"${i}", values[i - 1], StringComparison.Ordinal);
        return $"\\set member random(1, {Members})\n{statement.ReplaceLineEndings(" ")};\n";
    }

    private static string Literal(Array values)
    {
        var type = values switch { bool[] => "boolean", long?[] => "bigint", _ => "int" };
        return $"ARRAY[{string.Join(',', values.Cast<object?>().Select(v => v is null ? "NULL" : Convert.ToString(v, CultureInfo.InvariantCulture)!.ToLowerInvariant()))}]::{type}[]";
    }
}
