using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.Testing;

namespace Son1kVers3.ServiceDefaults.Tests;

[Collection(SampleCollection.Name)]
[Trait("Category", "Integration")]
public sealed class LeaseTests(SampleFixture sample) : IAsyncLifetime
{
    // Short, because these tests wait for leases to run out; the heartbeat still has many chances on a slow machine.
    private static readonly LeaseTerms Short = new(TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(250));

    private readonly string name = $"thing/{Guid.NewGuid()}";
    private readonly SampleService service = sample.Service;
    private LeaseStore leases = null!;
    private NpgsqlDataSource mortal = null!;
    private LeaseStore dying = null!;

    public async Task InitializeAsync()
    {
        await service.QueryAsync(db => db.Notes.ExecuteDeleteAsync());
        leases = service.Services.GetRequiredService<LeaseStore>();
        // A second replica: its way to the database can be cut.
        mortal = NpgsqlDataSource.Create(service.Database);
        dying = new LeaseStore(mortal, NullLogger<LeaseStore>.Instance);
    }

    public async Task DisposeAsync() => await mortal.DisposeAsync();

    [Fact]
    public async Task Take_WhenManyAskAtOnce_GivesItToOne()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? leases : dying).TryTakeAsync(name)));

        await using var holder = Assert.Single(taken, lease => lease is not null);
        Assert.Null(await leases.TryTakeAsync(name));
    }

    [Fact]
    public async Task Take_AfterRelease_SucceedsAtOnce_WithAHigherFence()
    {
        var fences = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            await using var lease = await leases.TryTakeAsync(name);
            fences.Add(lease!.Fence);
        }

        Assert.Equal(fences.Distinct().Order(), fences);
    }

    [Fact]
    public async Task Holder_WhoWorksLongerThanTheLease_KeepsItByItsHeartbeat()
    {
        await using var lease = await leases.TryTakeAsync(name, Short);

        await Task.Delay(Short.Duration * 1.5);

        Assert.False(lease!.Lost.IsCancellationRequested);
        Assert.Null(await dying.TryTakeAsync(name));
    }

    [Fact]
    public async Task Lease_OfAHolderWhoDied_IsTakenOver_AndTheLateWriterIsRefused()
    {
        var late = (await dying.TryTakeAsync(name, Short))!;
        await mortal.DisposeAsync();

        await using var heir = await leases.TakeAsync(name, Short);

        Assert.True(heir.Fence > late.Fence);
        await Eventually.TrueAsync(() => Task.FromResult(late.Lost.IsCancellationRequested), "the work of the dead one is stopped");
        Assert.False(await WriteAsync(late));
        Assert.True(await WriteAsync(heir));
        Assert.Equal($"written under {heir.Fence}", await service.QueryAsync(db => db.Notes.Select(n => n.Text).SingleAsync()));
    }

    [Fact]
    public async Task Lost_FiresBeforeOthersAreLetIn_WhenTheDatabaseCannotBeAsked()
    {
        await using var lease = await dying.TryTakeAsync(name, Short);
        await mortal.DisposeAsync();

        await Eventually.TrueAsync(() => Task.FromResult(lease!.Lost.IsCancellationRequested), "the holder gives up");
    }

    [Fact]
    public async Task Lost_WhenSomebodyElseHasIt_FiresWithTheNextHeartbeat()
    {
        await using var lease = await leases.TryTakeAsync(name, Short);
        await service.QueryAsync(db => db.Database.ExecuteSqlAsync($"UPDATE leases SET fence = nextval('lease_fences') WHERE name = {name}"));

        await Eventually.TrueAsync(() => Task.FromResult(lease!.Lost.IsCancellationRequested), "the holder hears of it");
        Assert.False(await WriteAsync(lease!));
    }

    [Fact]
    public async Task Write_UnderALease_HoldsItsHeirBackUntilItIsCommitted()
    {
        var lease = (await dying.TryTakeAsync(name, Short))!;
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SampleDb>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await lease.EnsureHeldAsync(db);
        await mortal.DisposeAsync();
        await Eventually.TrueAsync(() => Task.FromResult(lease.Lost.IsCancellationRequested), "the lease is as good as over");

        var heir = leases.TakeAsync(name, Short);
        db.Add(new Note { Id = Guid.CreateVersion7(), Text = "last" });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();

        await using var taken = await heir;
        Assert.True(taken.Fence > lease.Fence);
        Assert.Equal("last", await service.QueryAsync(x => x.Notes.Select(n => n.Text).SingleAsync()));
    }

    [Fact]
    public async Task Lost_FiresWithTheTokenItWasTakenWith()
    {
        using var stopping = new CancellationTokenSource();
        await using var lease = await leases.TryTakeAsync(name, cancellationToken: stopping.Token);

        await stopping.CancelAsync();

        Assert.True(lease!.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Work_UnderALease_HoldsNoConnection()
    {
        await using var one = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(service.Database) { MaxPoolSize = 1, Timeout = 5 }.ConnectionString);
        var store = new LeaseStore(one, NullLogger<LeaseStore>.Instance);

        await using var first = await store.TryTakeAsync(name);
        await using var second = await store.TryTakeAsync($"{name}/2");

        await using var command = one.CreateCommand("SELECT count(*) FROM leases WHERE until > now()");
        Assert.Equal(2L, await command.ExecuteScalarAsync());
    }

    /// <summary>Writes the outcome of the work; false when the lease was lost.</summary>
    private async Task<bool> WriteAsync(Lease lease)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SampleDb>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        try
        {
            await lease.EnsureHeldAsync(db);
        }
        catch (LeaseLostException)
        {
            return false;
        }

        db.Add(new Note { Id = Guid.CreateVersion7(), Text = $"written under {lease.Fence}" });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return true;
    }
}
