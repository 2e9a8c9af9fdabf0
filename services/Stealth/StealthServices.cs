using Son1kVers3.ServiceDefaults.Workers;
using Son1kVers3.Stealth.Accounts;
using Son1kVers3.Stealth.Egress;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;
using Son1kVers3.Stealth.Monitoring;
using Son1kVers3.Stealth.Rotation;
using Son1kVers3.Stealth.Secrets;
using Son1kVers3.Stealth.Transfer;
using Son1kVers3.Stealth.Watch;
using StackExchange.Redis;

namespace Son1kVers3.Stealth;

/// <summary>What the service is made of.</summary>
internal static class StealthServices
{
    /// <summary>The rotation's Redis: a command that finds no connection fails at once, and is not sent later to a server that may have forgotten everything.</summary>
    public static void AddRotationRedis(this WebApplicationBuilder builder) =>
        builder.AddRedisClient("redis", configureOptions: options => options.BacklogPolicy = BacklogPolicy.FailFast);

    public static void AddStealth(this WebApplicationBuilder builder)
    {
        builder.AddSecrets();
        var services = builder.Services;
        services.AddSingleton(builder.Configuration.GetSection("Health").Get<HealthPolicy>() ?? new HealthPolicy());
        services.AddSingleton(builder.Configuration.GetSection("Outliers").Get<OutlierPolicy>() ?? new OutlierPolicy());
        services.AddWorker<FleetCache>();
        services.AddSingleton<LeaseBook>().AddSingleton<UsageLedger>();
        services.AddSingleton<RedisEpoch>().AddSingleton<RotationStore>().AddSingleton<SlotRegistry>().AddSingleton<Rotator>().AddSingleton<StatisticsReader>();
        services.AddHttpForwarder();
        services.AddSingleton<EgressCredential>().AddSingleton<EgressConnections>().AddSingleton<Attempts>().AddSingleton<KeyBook>().AddSingleton<EgressLeases>();
        services.AddSingleton<OutcomeRecorder>().AddSingleton<CapacityReport>().AddSingleton<EgressMetrics>().AddSingleton<EgressHandler>();
        services.AddScoped<AccountStore>().AddScoped<Importer>().AddSingleton<AccountViews>().AddSingleton<HistoryFeed>();
        services.AddWorker<SlotRenewal>();
        services.AddWorker<StatisticsWriter>();
        services.AddWorker<HealthRecorder>();
        services.AddWorker<ProviderWatch>();
        services.AddWorker<OutlierWatch>();
        services.AddWorker<Housekeeping>();
        services.AddWorker<SecretRewrap>();
    }
}
