using Microsoft.EntityFrameworkCore;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Dialects;

namespace Son1kVers3.Stealth.Fleet;

/// <summary>The rows of providers, which come into being when they are first needed.</summary>
internal static class ProviderRows
{
    /// <summary>The row, locked until the end of the running transaction.</summary>
    public static async Task<ProviderSettings> TakeAsync(StealthDb db, Dialect dialect, CancellationToken cancellationToken)
    {
        if (await FindAsync(db, dialect.Name, cancellationToken) is { } known)
            return known;
        var fresh = ProviderSettings.Default(dialect);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO providers (id, name, strategy, enabled, rest, allow_private_hosts, is_down, sequence, version)
            VALUES ({fresh.Id}, {fresh.Name}, {fresh.Strategy.ToString()}, true, {RestJson(fresh.Rest)}::jsonb, {fresh.AllowPrivateHosts}, false, 0, 0) ON CONFLICT DO NOTHING
            """,
            cancellationToken);
        return (await FindAsync(db, dialect.Name, cancellationToken))!;
    }

    private static string? RestJson(Rest? rest) => rest is null ? null : System.Text.Json.JsonSerializer.Serialize(rest);

    private static async Task<ProviderSettings?> FindAsync(StealthDb db, string name, CancellationToken cancellationToken) =>
        await db.Set<ProviderSettings>().FromSql($"SELECT * FROM providers WHERE name = {name} FOR UPDATE").SingleOrDefaultAsync(cancellationToken);
}
