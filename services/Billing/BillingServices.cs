using System.Text.Json.Serialization;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Storage;
using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing;

/// <summary>What the service is made of.</summary>
internal static class BillingServices
{
    /// <summary>What billing handles, answers and asks.</summary>
    public static void Converse(MessagingBuilder messaging) => messaging
        .Answer<ReserveQuota, QuotaDecision, ReserveQuotaAnswer>()
        .On<ReleaseQuota, Settlement>()
        .On<GenerationRequested, Settlement>()
        .On<GenerationCompleted, Settlement>()
        .On<GenerationFailed, Settlement>()
        .On<GenerationCancelled, Settlement>()
        .On<GenerationUpdated, StorageUse>()
        .On<GenerationDeleted, StorageUse>();

    public static void AddBillingServices(this IHostApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(
            new JsonStringEnumConverter<QuotaPeriod>(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false)));
        builder.Services.AddSingleton<QuotaLedger>();
        builder.Services.AddScoped<ExhaustedBuckets>();
        builder.Services.AddScoped<StorageUse>();
        builder.Services.AddScoped<LimitsReader>();
        builder.Services.AddSingleton<ExpirySweeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ExpirySweeper>());
    }
}
