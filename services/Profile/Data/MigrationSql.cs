namespace Son1kVers3.Profile.Data;

/// <summary>Functions, triggers and tables that live wholly in the database, written as SQL beside the migration that makes them.</summary>
internal static class MigrationSql
{
    /// <summary>The text of <c>Data/Migrations/{name}.sql</c>. As of its migration: what changes later goes into another one.</summary>
    public static string Of(string name)
    {
        using var stream = typeof(MigrationSql).Assembly.GetManifestResourceStream($"{name}.sql") ?? throw new InvalidOperationException($"There is no {name}.sql.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
