using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Providers;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Jobs;

/// <summary>A process that makes songs, as it was last heard of.</summary>
internal sealed class WorkerRow
{
    /// <summary>Not heard of for longer than this, it is dead.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    public Guid Id { get; init; }
    public int Slots { get; init; }
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>What it can do: provider → what is wrong, or null; JSON.</summary>
    public required string Providers { get; init; }
}

internal sealed class WorkerTable : IEntityTypeConfiguration<WorkerRow>
{
    public void Configure(EntityTypeBuilder<WorkerRow> table)
    {
        table.ToTable("workers");
        table.Property(w => w.Id).ValueGeneratedNever();
        table.Property(w => w.Providers).HasColumnType("jsonb");
    }
}

/// <summary>Tells all processes that this one makes songs, and takes over from those that died.</summary>
internal sealed class WorkerHeartbeats(
    IServiceScopeFactory scopes, ProviderCatalog providers, JobOptions options, TimeProvider clock, ILogger<WorkerHeartbeats> log)
    : PeriodicWorker(new Schedule(options.PollInterval) { StartsAtOnce = true }, clock, log)
{
    private readonly Guid _id = Guid.NewGuid();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<GenerationDb>().Database.ExecuteSqlAsync(
                $"DELETE FROM workers WHERE id = {_id}", cancellationToken);
        }
        catch (Exception e) when (e.IsDatabase())
        {
            Log.LogInformation("This worker is missed only in {Seconds} s: {Reason}", WorkerRow.Lifetime.TotalSeconds, e.Message);
        }
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var status = JsonSerializer.Serialize(
            providers.All.ToDictionary(p => p.Name, p => providers.StatusOf(p)), JsonSerializerOptions.Web);
        await scope.ServiceProvider.GetRequiredService<GenerationDb>().Database.ExecuteSqlAsync(
            $"""
            WITH gone AS (DELETE FROM workers WHERE seen_at < now() - interval '1 minute')
            INSERT INTO workers (id, slots, seen_at, providers) VALUES ({_id}, {options.Workers}, now(), {status}::jsonb)
            ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, providers = excluded.providers
            """,
            cancellationToken);
        await scope.ServiceProvider.GetRequiredService<JobQueue>().ReclaimAsync(cancellationToken);
    }
}
