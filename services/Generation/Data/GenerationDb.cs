using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Data;

/// <summary>The database of generation. Each feature folder configures its own tables; enums are stored as lower-case words.</summary>
internal sealed class GenerationDb : DbContext
{
    // A transaction of ours that meets a failure is rolled back as a whole: savepoints would be two more round trips for nothing.
    public GenerationDb(DbContextOptions<GenerationDb> options)
        : base(options) => Database.AutoSavepointsEnabled = false;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(GenerationDb).Assembly).AddMessagingTables().AddIdempotencyTable()
            .AddLeaseTable();
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties())
            .Where(property => property.ClrType.IsEnum))
            property.SetValueConverter(typeof(LowerCase<>).MakeGenericType(property.ClrType));
    }

    private sealed class LowerCase<T>() : ValueConverter<T, string>(
        value => value.ToString().ToLowerInvariant(), text => Enum.Parse<T>(text, ignoreCase: true))
        where T : struct, Enum;
}
