using Son1kVers3.Contracts;
using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Community;
using Son1kVers3.Generation.Derivations;
using Son1kVers3.Generation.Entitlements;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Quotas;
using Son1kVers3.Generation.Storage;
using Son1kVers3.Generation.VoiceMemos;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation;

/// <summary>The service's own parts, by feature.</summary>
internal static class GenerationServices
{
    /// <summary>A track that left the pool must not come back by late news.</summary>
    private const string PoolTracks = "pool-tracks";

    /// <summary>What goes over the broker.</summary>
    public static void Converse(MessagingBuilder messaging) => messaging
        .Ask<ReserveQuota>(QuotaClient.Patience)
        .Ask<MayDelete>(QuotaClient.Patience)
        .Answer<AskJobStates, JobStates, JobStatesAnswer>()
        .On<EntitlementChanged, OnEntitlementChanged>(latestOnly: true)
        .On<TrackContributed, OnTrackContributed>(latestOf: PoolTracks)
        .On<TrackSwapped, OnTrackSwapped>(latestOf: PoolTracks)
        .On<UserDeleted, OnUserDeleted>();

    /// <summary>Registers everything.</summary>
    public static WebApplicationBuilder AddGeneration(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddStorage();
        services.AddScoped<QuotaClient>().AddScoped<Reservations>().AddWorker<IntentSweeper>();
        services.AddScoped<Intake>().AddScoped<ShownTracks>().AddScoped<GenerationViews>().AddScoped<TrackChanges>().AddScoped<TrackRemoval>();
        services.AddScoped<TasteReader>().AddScoped<Hearings>();
        services.AddScoped<MemoMelodies>().AddSingleton<MemoReader>();
        AddProviders(services);
        services.AddSingleton<ProgressBus>().AddSingleton<JobFeeds>().AddScoped<EventStream>();
        services.AddSingleton<MediaUrls>().AddSingleton<Encoder>().AddSingleton<FileMakers>().AddSingleton<StemPress>();
        services.AddScoped<MediaAccess>().AddScoped<DerivedFiles>().AddScoped<MasterFiles>().AddScoped<FileLedger>();
        AddArchive(services);
        AddJobs(services);
        return builder;
    }

    private static void AddProviders(IServiceCollection services)
    {
        services.AddSingleton<StudioKit>().AddSingleton<StudioProvider>().AddSingleton<IMusicProvider>(p => p.GetRequiredService<StudioProvider>());
        services.AddSingleton<ProviderCatalog>();
        services.AddWorker<ProviderWatch>();
        services.AddHealthChecks().AddCheck<ProviderWatch>("providers");
    }

    private static void AddArchive(IServiceCollection services)
    {
        services.AddSingleton<TrackConverter>().AddScoped<ColdStorage>().AddWorker<Archivist>();
        services.AddSingleton<RestoreProgress>().AddScoped<Thawing>().AddSingleton<Restorations>().AddHostedService<Restorer>();
    }

    private static void AddJobs(IServiceCollection services)
    {
        services.AddSingleton(p => p.GetRequiredService<IConfiguration>().GetSection("Jobs").Get<JobOptions>() ?? new JobOptions());
        services.AddWorker<JobSignals>();
        services.AddScoped<JobQueue>().AddScoped<JobRun>().AddSingleton(p => new AttemptTools(
            p.GetRequiredService<IServiceScopeFactory>(), p.GetRequiredService<JobSignals>(), p.GetRequiredService<JobOptions>(),
            p.GetRequiredService<ITrackStore>(), p.GetRequiredService<MediaFolder>(), p.GetRequiredService<Encoder>())
        { Bus = p.GetRequiredService<ProgressBus>() });
        services.AddHostedService<JobWorker>();
    }
}
