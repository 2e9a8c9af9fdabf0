using Son1kVers3.Contracts;
using Son1kVers3.Generation.Accounts;
using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Community;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Derivations;
using Son1kVers3.Generation.Downloads;
using Son1kVers3.Generation.Entitlements;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Measures;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Providers.Remote;
using Son1kVers3.Generation.Quotas;
using Son1kVers3.Generation.Streams;
using Son1kVers3.Generation.Tracks;
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
    public static void AddConversation(this MessagingBuilder messaging, JobOptions jobs)
    {
        messaging.Ask<ReserveQuota>(QuotaClient.Timeout).Ask<MayDelete>(QuotaClient.Timeout);
        // Who makes songs at low priority keeps nobody waiting for an answer.
        if (!jobs.Api)
            return;
        messaging
            .Answer<AskJobStates, JobStates, JobStatesAnswer>()
            .On<EntitlementChanged, OnEntitlementChanged>(latestOnly: true)
            .On<TrackContributed, OnTrackContributed>(latestOf: PoolTracks)
            .On<TrackSwapped, OnTrackSwapped>(latestOf: PoolTracks)
            .On<TrackClaimed, OnTrackClaimed>()
            .On<ModerateTrack, OnModerateTrack>()
            .On<ExportRequested, OnExportRequested>()
            .On<ExportPart, OnExportPart>()
            .On<UserDeleted, OnUserDeleted>();
    }

    /// <summary>Registers everything.</summary>
    public static WebApplicationBuilder AddGeneration(this WebApplicationBuilder builder, JobOptions jobs)
    {
        var services = builder.Services;
        services.AddSingleton(jobs).AddSingleton<DatabaseSignals>().AddScoped<VisibleTracks>();
        AddFiles(services);
        services.AddSingleton<ProgressBus>();
        services.AddSingleton<StudioProvider>().AddSingleton<IMusicProvider>(p => p.GetRequiredService<StudioProvider>())
            .AddRemoteProviders().AddSingleton<ProviderCatalog>();
        services.AddSingleton<TrackMeasurer>();
        services.AddWorker<ProviderWatch>().AddHealthChecks().AddCheck<ProviderWatch>("providers");
        services.AddScoped<JobQueue>().AddScoped<FailureStreaks>().AddScoped<Archiver>().AddScoped<Restorer>()
            .AddSingleton<RestoreProgress>();
        services.AddSingleton<MediaUrls>().AddScoped<MediaAccess>().AddScoped<Plays>().AddScoped<DerivedFiles>();
        services.AddScoped<QuotaClient>().AddScoped<Reservations>().AddWorker<PendingReservationSweeper>();
        services.AddScoped<TrackCreation>().AddScoped<QueueEstimates>().AddScoped<GenerationViews>().AddScoped<TrackChanges>()
            .AddScoped<TrackRemoval>();
        services.AddSingleton<JobFeeds>().AddScoped<JobStream>().AddScoped<MemberStream>();
        services.AddScoped<TasteReader>().AddScoped<TrackAnalyses>().AddScoped<MemoMelodies>().AddSingleton<MemoReader>();
        services.AddWorker<AccountRemoval>().AddWorker<DownloadSweeper>();
        if (jobs.Workers > 0)
            AddWorkers(services);
        return builder;
    }

    private static void AddFiles(IServiceCollection services)
    {
        services.AddStorage();
        services.AddSingleton<StudioToolbox>().AddSingleton<Encoder>().AddSingleton<MasterConverter>();
        services.AddSingleton<CompletedTracks>().AddScoped<TrackFiles>().AddScoped<FileRequests>().AddWorker<FileWaiters>();
        services.AddWorker<ArchiveWorker>();
    }

    /// <summary>What renders.</summary>
    private static void AddWorkers(IServiceCollection services)
    {
        services.AddWorker<WorkerHeartbeats>().AddHostedService<JobWorker>().AddScoped<JobAttempt>().AddSingleton<AttemptTools>()
            .AddWorker<LeftJobs>();
        services.AddHostedService<FileWorker>().AddScoped<DerivedFileBuilder>().AddScoped<FileMakers>();
        services.AddHostedService<DownloadWorker>().AddScoped<DownloadQueue>().AddScoped<DownloadWriter>().AddScoped<ExportContent>();
        services.AddWorker<MeasureWorker>();
    }
}
