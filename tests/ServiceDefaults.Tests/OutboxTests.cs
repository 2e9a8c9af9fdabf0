using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.Testing;

namespace Son1kVers3.ServiceDefaults.Tests;

[Collection(SampleCollection.Name)]
[Trait("Category", "Integration")]
public sealed class OutboxTests(SampleFixture sample)
{
    [Theory]
    [InlineData("Son1kVers3.Contracts.NobodyKnowsThis", "{}")]
    [InlineData("Son1kVers3.Contracts.ProviderUp", "[]")]
    public async Task Row_ThatCannotBeRead_IsSetAsideAndTold_AndTheRestGoesOn(string type, string payload)
    {
        var service = sample.Service;
        var poison = Guid.Parse("00000000-0000-7000-8000-" + Guid.NewGuid().ToString("N")[..12]);
        await InsertAsync(poison, type, payload);
        await service.Client(Guid.CreateVersion7()).PostAsJsonAsync("/notes", new { text = $"beside {type.Length}" });

        await Eventually.TrueAsync(() => Task.FromResult(sample.Bus.Heard<ProviderUp>().Any(e => e.Provider == $"beside {type.Length}")), "the other event is heard");
        await Eventually.TrueAsync(async () => await HealthAsync() == "degraded", "the health tells it");
        await Eventually.TrueAsync(async () => await CountAsync() == 1, "only the poison is left");

        await service.QueryAsync(db => db.Database.ExecuteSqlAsync($"DELETE FROM outbox WHERE id = {poison}"));
        Assert.Equal("healthy", await HealthAsync());
    }

    [Fact]
    public async Task Row_RefusedAgainAndAgain_RestsLongerEachTime_UntilItIsSetAside_AndIsTriedAgainWhenReplayed()
    {
        // A database whose relay does not run: the statements alone.
        var other = await SampleService.StartAsync(beside: null);
        await other.StopAsync();
        await using var database = Npgsql.NpgsqlDataSource.Create(other.Database);
        var store = new OutboxStore(database);
        var id = Guid.CreateVersion7();
        await using (var insert = database.CreateCommand("INSERT INTO outbox (id, type, payload) VALUES ($1, 'x', '{}')"))
        {
            insert.Parameters.AddWithValue(id);
            await insert.ExecuteNonQueryAsync();
        }

        Assert.Equal(id, Assert.Single(await store.ClaimAsync(10, default)).Id);
        Assert.Empty(await store.ClaimAsync(10, default));
        for (var refusal = 1; refusal < OutboxStore.MostRefusals; refusal++)
            Assert.False(await store.RefuseAsync(id, "no", forEver: false, default));
        Assert.Equal(0, await store.CountSetAsideAsync(default));
        Assert.True(await store.RefuseAsync(id, "no", forEver: false, default));
        Assert.Equal(1, await store.CountSetAsideAsync(default));

        Assert.Equal(1, await store.ReplayAsync(default));
        Assert.Single(await store.ClaimAsync(10, default));
        await store.ReleaseAsync([id], default);
        Assert.Single(await store.ClaimAsync(10, default));
    }

    [Theory]
    [InlineData("in a transaction")]
    [InlineData("by itself")]
    [InlineData("as a command")]
    public async Task Event_WhenItIsCommitted_LeavesAtOnce_WithoutAPoll(string how)
    {
        // The relay of this replica polls every 50 seconds.
        await using var service = await SampleService.StartAsync(new MovableClock(speed: 0.02));
        await using var bus = await TestBus.StartAsync(service.Messaging, (test, endpoint) => test.Hear<ProviderUp>(endpoint));

        await using (var scope = service.Services.CreateAsyncScope())
            await CommitAsync(scope.ServiceProvider, new ProviderUp { ProviderId = Guid.CreateVersion7(), Provider = how, Sequence = 1 }, how);

        await Eventually.TrueAsync(() => Task.FromResult(bus.Heard<ProviderUp>().Any(e => e.Provider == how)), "the event is heard", TimeSpan.FromSeconds(20));
    }

    private static async Task CommitAsync(IServiceProvider services, ProviderUp message, string how)
    {
        var (db, outbox) = (services.GetRequiredService<SampleDb>(), services.GetRequiredService<Outbox>());
        switch (how)
        {
            case "in a transaction":
                await using (var transaction = await db.Database.BeginTransactionAsync())
                {
                    outbox.Publish(message);
                    await db.SaveChangesAsync();
                    await transaction.CommitAsync();
                }

                break;
            case "by itself":
                outbox.Publish(message);
                await db.SaveChangesAsync();
                break;
            default:
                await using (var batch = services.GetRequiredService<Npgsql.NpgsqlDataSource>().CreateBatch())
                {
                    batch.BatchCommands.Add(outbox.Command(message));
                    await batch.ExecuteNonQueryAsync();
                }

                outbox.Committed();
                break;
        }
    }

    [Fact]
    public async Task Event_ThatAProcessCommittedBeforeItDied_IsFoundByAPollOfAnotherOne()
    {
        var (id, provider) = (Guid.CreateVersion7(), $"orphan-{Guid.NewGuid():N}"[..20]);
        // What a killed process leaves: the row, and nobody to be woken.
        await InsertAsync(id, typeof(ProviderUp).FullName!, $$"""{"eventId":"{{id}}","providerId":"{{id}}","provider":"{{provider}}","sequence":1}""");

        await Eventually.TrueAsync(
            () => Task.FromResult(sample.Bus.Heard<ProviderUp>().Any(e => e.Provider == provider)), "the event is heard");
    }

    [Fact]
    public async Task Broker_WhenItFallsSilent_KeepsNoTransactionOpen_AndHearsEverythingOnceItIsBack()
    {
        var messaging = await (await ServerSet.GetAsync()).CreateVirtualHostAsync();
        await using var proxy = new BrokerProxy(messaging);
        await using var bus = await TestBus.StartAsync(messaging, (test, endpoint) => test.Hear<ProviderUp>(endpoint));
        var service = await SampleService.StartAsync(messaging: proxy.Messaging);
        proxy.FallSilent();
        for (var n = 0; n < 5; n++)
            Assert.Equal(HttpStatusCode.Created, (await service.Client(Guid.CreateVersion7()).PostAsJsonAsync("/notes", new { text = $"silent {n}" })).StatusCode);

        var begun = TimeProvider.System.GetTimestamp();
        using var asked = await service.Client(Guid.CreateVersion7()).GetAsync("/notes/may");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, asked.StatusCode);
        // The question's own limit is two seconds; the machine may be busy.
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(0, await service.QueryAsync(db => db.Database
            .SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'").SingleAsync()));

        proxy.ComeBack();
        await Eventually.TrueAsync(
            () => Task.FromResult(bus.Heard<ProviderUp>().Select(e => e.Provider).Distinct().Count(p => p.StartsWith("silent", StringComparison.Ordinal)) == 5), "all five are heard");
        await Eventually.TrueAsync(async () => await service.QueryAsync(db => db.Set<OutboxMessage>().CountAsync()) == 0, "the outbox is empty");
        // It stops in spite of the question that was swallowed.
        await service.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task ErrorQueue_WhenReplayed_IsAppliedOnce_AndOnlyWithTheCredential()
    {
        var service = sample.Service;
        var name = $"sick-{Guid.NewGuid():N}"[..20];
        service.Sick.TryAdd(name, 0);
        await sample.Bus.PublishAsync(new UserRegistered { EventId = Guid.CreateVersion7(), UserId = Guid.CreateVersion7(), Username = name, Email = $"{name}@example.com", Sequence = 1 });
        using var client = new HttpClient { BaseAddress = service.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/internal/commands/error-queues")).StatusCode);
        client.DefaultRequestHeaders.Add("X-Service-Credential", SampleService.Credential);
        await Eventually.TrueAsync(async () => await WaitingAsync(client) > 0, "the error queue is told");

        service.Sick.Clear();
        var waiting = await WaitingAsync(client);
        using var replayed = await client.PostAsJsonAsync("/internal/commands/replay-errors", new { queue = "sample.user-registered" });
        Assert.Equal(waiting, (await replayed.Content.ReadFromJsonAsync<ReplayedErrors>())!.Messages);

        await Eventually.TrueAsync(async () => await service.QueryAsync(db => db.Notes.CountAsync(n => n.Text == name)) == 1, "it is applied");
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsJsonAsync("/internal/commands/replay-errors", new { queue = "billing.user-registered" })).StatusCode);
    }

    private static async Task<long> WaitingAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<List<ErrorQueue>>("/internal/commands/error-queues"))!.Single(q => q.Queue == "sample.user-registered").Messages;

    private Task<int> InsertAsync(Guid id, string type, string payload) =>
        sample.Service.QueryAsync(db => db.Database.ExecuteSqlAsync($"INSERT INTO outbox (id, type, payload) VALUES ({id}, {type}, {payload}::jsonb)"));

    private Task<int> CountAsync() => sample.Service.QueryAsync(db => db.Set<OutboxMessage>().CountAsync());

    private async Task<string?> HealthAsync()
    {
        using var client = new HttpClient();
        var health = await client.GetFromJsonAsync<JsonElement>(new Uri(sample.Service.Address, "/health"));
        return health.GetProperty("checks").GetProperty("outbox").GetProperty("status").GetString();
    }
}

[Trait("Category", "Unit")]
public sealed class BrokerFaultTests
{
    public static TheoryData<Exception, bool> Faults => new()
    {
        { new TimeoutException(), true },
        { new OperationCanceledException(), true },
        { new InvalidOperationException("wrapped", new IOException()), true },
        { new MassTransit.RabbitMqConnectionException("gone"), true },
        { new RabbitMQ.Client.Exceptions.OperationInterruptedException(new RabbitMQ.Client.Events.ShutdownEventArgs(RabbitMQ.Client.ShutdownInitiator.Peer, 320, "forced")), true },
        { new RabbitMQ.Client.Exceptions.OperationInterruptedException(new RabbitMQ.Client.Events.ShutdownEventArgs(RabbitMQ.Client.ShutdownInitiator.Peer, 406, "another type")), false },
        { new ArgumentException("a message type needs a namespace"), false },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_OfTheBrokerOrOfTheMessage_IsToldApart(Exception fault, bool isAway) => Assert.Equal(isAway, OutboxPublisher.IsAway(fault));
}
