using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Storage;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Data;

/// <summary>The database of generation. Each feature folder configures its own tables.</summary>
internal sealed class GenerationDb(DbContextOptions<GenerationDb> options) : DbContext(options)
{
    public DbSet<Track> Tracks => Set<Track>();
    public DbSet<TrackEvent> TrackEvents => Set<TrackEvent>();
    public DbSet<TrackFile> TrackFiles => Set<TrackFile>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<TrackStatus>().HaveConversion<LowerCase<TrackStatus>>();
        configurationBuilder.Properties<TrackKind>().HaveConversion<LowerCase<TrackKind>>();
        configurationBuilder.Properties<Quality>().HaveConversion<LowerCase<Quality>>();
        configurationBuilder.Properties<Visibility>().HaveConversion<LowerCase<Visibility>>();
        configurationBuilder.Properties<Tier>().HaveConversion<LowerCase<Tier>>();
        configurationBuilder.Properties<Allowance>().HaveConversion<LowerCase<Allowance>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder
        .ApplyConfigurationsFromAssembly(typeof(GenerationDb).Assembly)
        .AddMessagingTables()
        .AddIdempotencyTable();

    private sealed class LowerCase<T>() : ValueConverter<T, string>(
        value => value.ToString().ToLowerInvariant(), text => Enum.Parse<T>(text, ignoreCase: true))
        where T : struct, Enum;
}
