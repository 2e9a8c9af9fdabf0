namespace Son1kVers3.ServiceDefaults.Data;

/// <summary>What the shared parts need in every service's tables, made after the service's own migrations, under the same lock.</summary>
/// <param name="Sql">Safe to run at every start: <c>IF NOT EXISTS</c>.</param>
internal sealed record SchemaAddition(string Sql);
