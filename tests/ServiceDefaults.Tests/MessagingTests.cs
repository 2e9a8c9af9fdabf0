using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Testing;

namespace Son1kVers3.ServiceDefaults.Tests;

[Collection(SampleCollection.Name)]
[Trait("Category", "Integration")]
public sealed class MessagingTests(SampleFixture sample)
{
    private readonly SampleService service = sample.Service;
    private readonly TestBus bus = sample.Bus;

    [Fact]
    public async Task Event_WhenItsTransactionCommits_ReachesTheBroker_AndLeavesTheOutbox()
    {
        await service.Client(Guid.CreateVersion7()).PostAsJsonAsync("/notes", new { text = "hola" });

        await Eventually.TrueAsync(() => Task.FromResult(bus.Heard<ProviderUp>().Any(e => e.Provider == "hola" && e.EventId != Guid.Empty && e.OccurredAt != default)), "the event is heard");
        await Eventually.TrueAsync(async () => await service.QueryAsync(db => db.Set<Messaging.OutboxMessage>().CountAsync()) == 0, "the outbox is empty");
    }

    [Fact]
    public async Task Event_WhenItsTransactionRollsBack_IsNeverPublished()
    {
        service.Trouble = () => throw Problem.Of(409, "no", "No.");
        Assert.Equal(HttpStatusCode.Conflict, (await service.Client(Guid.CreateVersion7()).PostAsJsonAsync("/notes", new { text = "undone" })).StatusCode);
        service.Trouble = null;
        await service.Client(Guid.CreateVersion7()).PostAsJsonAsync("/notes", new { text = "done" });

        await Eventually.TrueAsync(() => Task.FromResult(bus.Heard<ProviderUp>().Any(e => e.Provider == "done")), "the later event is heard");
        Assert.DoesNotContain(bus.Heard<ProviderUp>(), e => e.Provider == "undone");
    }

    [Fact]
    public async Task Events_WithTwoReplicasRelaying_AreEachPublished()
    {
        await using var second = await SampleService.StartAsync(beside: service);
        var posts = Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? service : second).Client(Guid.CreateVersion7()).PostAsJsonAsync("/notes", new { text = $"shared {i}" }));
        await Task.WhenAll(posts);

        await Eventually.TrueAsync(() => Task.FromResult(bus.Heard<ProviderUp>().Select(e => e.Provider).Where(p => p.StartsWith("shared", StringComparison.Ordinal)).Distinct().Count() == 100), "all hundred are heard");
    }

    [Fact]
    public async Task Message_WhenDeliveredFiveTimesToTwoReplicas_IsAppliedOnce()
    {
        await using var second = await SampleService.StartAsync(beside: service);
        var message = User("ana");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => bus.PublishAsync(message)));
        await bus.PublishAsync(User("last"));

        // Two replicas take from one queue: the last one may be ready first.
        await NotedAsync("ana");
        await NotedAsync("last");
        Assert.Equal(1, await service.QueryAsync(db => db.Notes.CountAsync(n => n.Text == "ana")));
    }

    [Fact]
    public async Task EventsThatFollow_ArePublishedOnce_HoweverOftenTheMessageIsDelivered()
    {
        var message = User("herald");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => bus.PublishAsync(message)));
        await bus.PublishAsync(User("after the herald"));

        await NotedAsync("after the herald");
        await Eventually.TrueAsync(() => Task.FromResult(bus.Heard<ProviderUp>().Any(e => e.ProviderId == message.UserId)), "what follows is heard");
        await Eventually.TrueAsync(async () => await service.QueryAsync(db => db.Set<Messaging.OutboxMessage>().CountAsync()) == 0, "the outbox is empty");
        Assert.Single(bus.Heard<ProviderUp>(), e => e.ProviderId == message.UserId);
    }

    [Fact]
    public async Task Message_WhenOlderThanTheOneApplied_IsIgnored()
    {
        var id = Guid.CreateVersion7();
        await bus.PublishAsync(Profile(id, "b", 2));
        await NotedAsync("b 2");
        await bus.PublishAsync(Profile(id, "a", 1));
        await bus.PublishAsync(Profile(id, "c", 3));

        await NotedAsync("c 3");
        Assert.Equal(0, await service.QueryAsync(db => db.Notes.CountAsync(n => n.Text == "a 1")));
    }

    [Fact]
    public async Task Message_ThatCannotBeApplied_EndsInTheErrorQueue_AndDoesNotBlockTheNext()
    {
        await bus.PublishAsync(User("poison"));
        await bus.PublishAsync(User("healthy"));

        await NotedAsync("healthy");
        await Eventually.TrueAsync(() => BrokerProbe.CountAsync(service.Messaging, "sample.user-registered_error", atLeast: 1), "the error queue holds it");
    }

    private static UserRegistered User(string name) =>
        new() { EventId = Guid.CreateVersion7(), UserId = Guid.CreateVersion7(), Username = name, Email = $"{name}@example.com", Sequence = 1 };

    private static ProfileUpdated Profile(Guid id, string name, long sequence) => new() { EventId = Guid.CreateVersion7(), UserId = id, Username = name, Sequence = sequence };

    private Task NotedAsync(string text) =>
        Eventually.TrueAsync(async () => await service.QueryAsync(db => db.Notes.AnyAsync(n => n.Text == text)), $"'{text}' is noted");
}

internal static class BrokerProbe
{
    public static async Task<bool> CountAsync(string messaging, string queue, uint atLeast)
    {
        await using var connection = await new RabbitMQ.Client.ConnectionFactory { Uri = new Uri(messaging) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount >= atLeast;
    }
}
