using Son1kVers3.Contracts;
using Son1kVers3.Pool.Claims;
using Son1kVers3.Pool.Contributions;
using Son1kVers3.Pool.Exports;
using Son1kVers3.Pool.Likes;
using Son1kVers3.Pool.Members;
using Son1kVers3.Pool.Moderation;
using Son1kVers3.Pool.Ranking;
using Son1kVers3.Pool.Shares;
using Son1kVers3.Pool.Sustainability;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Pool;

/// <summary>The service's own parts, by feature.</summary>
internal static class PoolServices
{
    /// <summary>What goes over the broker. The tables keep the sequences themselves: what several events write together has one order, see
    /// <see cref="Track"/> and <see cref="Member"/>.</summary>
    public static void Converse(MessagingBuilder messaging) => messaging
        .On<GenerationCompleted, OnGenerationCompleted>()
        .On<GenerationUpdated, OnGenerationUpdated>()
        .On<GenerationDeleted, OnGenerationDeleted>()
        .On<TrackHidden, OnTrackModerated>()
        .On<TrackRestored, OnTrackModerated>()
        .On<UserRegistered, OnProfile>()
        .On<ProfileUpdated, OnProfile>()
        .On<AlvaeGranted, OnAlvae>()
        .On<AlvaeRevoked, OnAlvae>()
        .On<EntitlementChanged, OnEntitlementChanged>()
        .On<UserDeleted, OnUserDeleted>()
        .On<ExportRequested, OnExportRequested>()
        .Answer<MayDelete, DeletionDecision, DecideDeletion>();

    public static WebApplicationBuilder AddPool(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScoped<PoolList>();
        services.AddScoped<ManualContributions>().AddScoped<MemberShares>();
        services.AddScoped<ClaimDesk>();
        services.AddScoped<LikeBook>().AddScoped<PlayBook>().AddWorker<LikeMaturity>();
        services.AddSingleton<Standings>().AddSingleton<RankingCache>().AddScoped<RankingReader>().AddScoped<RankingRebuild>();
        services.AddScoped<RankedTracks>();
        services.AddWorker<RankingWorker>().AddWorker<LikeRingWatch>();
        services.AddSingleton<Stock>().AddWorker<StockWatch>();
        services.AddScoped<Moderator>().AddWorker<ErasureWorker>();
        return builder;
    }

    public static void MapPoolEndpoints(this IEndpointRouteBuilder app)
    {
        app.MapPool();
        app.MapClaims();
        app.MapContributions();
        app.MapShare();
        app.MapLikes();
        app.MapRanking();
        app.MapSustainability();
        app.MapModeration();
    }
}
