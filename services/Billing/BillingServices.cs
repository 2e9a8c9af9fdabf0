using Son1kVers3.Billing.Admin;
using Son1kVers3.Billing.Audit;
using Son1kVers3.Billing.Checkout;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Invoices;
using Son1kVers3.Billing.Members;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Projection;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Storage;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Billing.Tiers;
using Son1kVers3.Billing.Webhooks;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Billing;

/// <summary>What the service is made of.</summary>
internal static class BillingServices
{
    /// <summary>Grants and revocations come on two queues: the newest of both counts.</summary>
    private const string Badge = "alvae";

    /// <summary>What billing handles, answers and asks.</summary>
    public static void Converse(MessagingBuilder messaging) => messaging
        .Answer<ReserveQuota, QuotaDecision, ReserveQuotaAnswer>()
        .Ask<AskJobStates>(LostJobs.Timeout)
        .On<ReleaseQuota, Settlement>()
        .On<GenerationRequested, Settlement>()
        .On<GenerationCompleted, Settlement>()
        .On<GenerationFailed, Settlement>()
        .On<GenerationCancelled, Settlement>()
        .On<GenerationUpdated, StorageUse>()
        .On<GenerationDeleted, StorageUse>()
        .On<UserRegistered, AccountEvents>()
        .On<UserDeleted, AccountEvents>()
        .On<ExportRequested, OnExportRequested>()
        .On<AlvaeGranted, AccountEvents>(latestOf: Badge)
        .On<AlvaeRevoked, AccountEvents>(latestOf: Badge)
        .On<AccountHealthChanged, DashboardEvents>(latestOnly: true)
        .On<TrackContributed, DashboardEvents>()
        .On<TrackClaimed, DashboardEvents>();

    public static void AddBillingServices(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<QuotaLedger>();
        builder.Services.AddScoped<ExhaustedBuckets>();
        builder.Services.AddScoped<StorageUse>();
        builder.Services.AddSingleton<LimitsReader>();
        builder.Services.AddScoped<AccountStore>();
        builder.Services.AddScoped<MemberCare>();
        builder.Services.AddSingleton<OperatorNotes>();
        builder.Services.AddSingleton<Dashboard>();
        builder.Services.AddSingleton<LedgerCheck>();
        builder.AddStripe();
        builder.Services.AddWorker<ExpirySweeper>();
        builder.Services.AddWorker<LostJobs>();
        builder.Services.AddWorker<EntitlementSweeper>();
        builder.Services.AddWorker<Anonymiser>();
        builder.Services.AddWorker<EventWorker>();
        builder.Services.AddWorker<Reconciler>();
    }

    public static void MapBillingEndpoints(this IEndpointRouteBuilder app) => app
        .MapTierEndpoints()
        .MapLimitsEndpoint()
        .MapProjectionEndpoint()
        .MapUsageEndpoint()
        .MapCheckoutEndpoints()
        .MapSubscriptionEndpoints()
        .MapInvoiceEndpoints()
        .MapWebhookEndpoint()
        .MapAdminEndpoints()
        .MapInternalCommands();

    private static void AddStripe(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<StripeOptions>().BindConfiguration("Stripe");
        builder.Services.AddStripeClient();
        builder.Services.AddSingleton<EventInbox>();
        builder.Services.AddSingleton<ReturnAddresses>();
        builder.Services.AddSingleton<PriceBook>();
        builder.Services.AddSingleton<MemberTurns>();
        builder.Services.AddTransient<CustomerReader>();
        builder.Services.AddTransient<SwitchPreviews>();
        builder.Services.AddScoped<Customers>();
        builder.Services.AddScoped<InvoiceBook>();
        builder.Services.AddScoped<SubscriptionSync>();
        builder.Services.AddScoped<Corrections>();
        builder.Services.AddScoped<SubscriptionChanges>();
        builder.Services.AddScoped<CurrentSubscription>();
        builder.Services.AddScoped<CheckoutService>();
        builder.Services.AddScoped<Portal>();
    }
}
