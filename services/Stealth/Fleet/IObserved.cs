using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Fleet;

/// <summary>Something whose health is watched.</summary>
internal interface IObserved
{
    Guid Id { get; }
    string Name { get; }
    HealthState Health { get; set; }
}

internal static class HealthColumns
{
    /// <summary>The same columns for accounts and proxies.</summary>
    public static void Configure(ComplexPropertyBuilder<HealthState> health)
    {
        health.Property(h => h.Status).HasConversion<string>().HasColumnName("status");
        health.Property(h => h.Since).HasColumnName("health_since");
        health.Property(h => h.Until).HasColumnName("health_until");
        health.Property(h => h.Failures).HasColumnName("health_failures");
        health.Property(h => h.Recoveries).HasColumnName("health_recoveries");
        health.Property(h => h.Cooldowns).HasColumnName("health_cooldowns");
        health.Property(h => h.Reason).HasColumnName("health_reason");
        health.Property(h => h.Version).HasColumnName("health_version");
    }
}
