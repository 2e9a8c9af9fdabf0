using Microsoft.EntityFrameworkCore.Migrations;

namespace Son1kVers3.Billing.Data;

/// <summary>Database functions stand in <c>.sql</c> files beside the feature that owns them, embedded into the assembly.</summary>
internal static class SqlFunctions
{
    /// <summary>For a migration: runs an embedded file.</summary>
    public static void AddFunctions(this MigrationBuilder migration, string file)
    {
        using var stream = typeof(SqlFunctions).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not embedded.");
        using var reader = new StreamReader(stream);
        migration.Sql(reader.ReadToEnd());
    }
}
