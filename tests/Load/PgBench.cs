using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Son1kVers3.Load;

/// <summary>PostgreSQL's own load generator, as the measure of what the server can do.</summary>
internal static partial class PgBench
{
    private const string Program = "/usr/lib/postgresql/15/bin/pgbench";

    /// <summary>Transactions a second of a script, sent as a prepared statement.</summary>
    public static async Task<double> RunAsync(string database, string script, int clients, int seconds)
    {
        var target = new NpgsqlConnectionStringBuilder(database);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, script);
        try
        {
            var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in (string[])["-h", target.Host!, "-p", $"{target.Port}", "-U", target.Username!, "-n", "-M", "prepared", "-c", $"{clients}", "-j", "2", "-T", $"{seconds}", "-f", file, target.Database!])
                start.ArgumentList.Add(argument);
            start.Environment["PGPASSWORD"] = target.Password;
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            var tps = Tps().Match(await output);
            return tps.Success ? double.Parse(tps.Groups[1].Value, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"pgbench failed: {await error}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"tps = ([\d.]+) \(without")]
    private static partial Regex Tps();
}
