using Son1kVers3.Contracts;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Quotas;
using Son1kVers3.Generation.Storage;
using Son1kVers3.Generation.VoiceMemos;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation;

/// <summary>The service's own parts, by feature.</summary>
internal static class GenerationServices
{
    /// <summary>What goes over the broker.</summary>
    public static void Converse(MessagingBuilder messaging) => messaging
        .Ask<ReserveQuota>(QuotaClient.Patience)
        .Ask<MayDelete>(QuotaClient.Patience);

    /// <summary>Registers everything.</summary>
    public static WebApplicationBuilder AddGeneration(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => provider.GetRequiredService<IConfiguration>().GetSection("Jobs").Get<JobOptions>() ?? new JobOptions());
        services.AddStorage();
        services.AddScoped<QuotaClient>().AddScoped<Reservations>().AddSingleton<IntentSweeper>().AddHostedService(p => p.GetRequiredService<IntentSweeper>());
        services.AddScoped<Intake>().AddScoped<GenerationViews>().AddScoped<TrackChanges>().AddScoped<TrackRemoval>();
        services.AddScoped<MemoMelodies>();
        services.AddSingleton<StudioKit>().AddSingleton<IMusicProvider, StudioProvider>().AddSingleton<ProviderCatalog>();
        services.AddSingleton<ProviderWatch>().AddHostedService(p => p.GetRequiredService<ProviderWatch>());
        services.AddHealthChecks().AddCheck<ProviderWatch>("providers");
        services.AddSingleton<ProgressBus>().AddSingleton<JobFeeds>().AddScoped<EventStream>();
        services.AddSingleton<MediaUrls>().AddSingleton<Encoder>().AddSingleton<FileMakers>().AddScoped<MediaAccess>().AddScoped<DerivedFiles>().AddScoped<FileLedger>();
        services.AddSingleton<JobSignals>().AddHostedService(p => p.GetRequiredService<JobSignals>());
        services.AddScoped<JobQueue>().AddScoped<JobRun>().AddSingleton(p => new AttemptTools(
            p.GetRequiredService<IServiceScopeFactory>(), p.GetRequiredService<JobSignals>(), p.GetRequiredService<JobOptions>(),
            p.GetRequiredService<ITrackStore>(), p.GetRequiredService<MediaFolder>(), p.GetRequiredService<Encoder>())
        { Bus = p.GetRequiredService<ProgressBus>() });
        services.AddHostedService<JobWorker>();
        return builder;
    }
}
