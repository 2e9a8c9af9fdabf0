using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Son1kVers3.Stripe.Sandbox.Webhooks;
using Son1kVers3.Testing;

namespace Son1kVers3.Stripe.Sandbox.Tests;

[Trait("Category", "Integration")]
public sealed class WebhookTests : IAsyncLifetime
{
    private const string Secret = "whsec_of_the_tests";

    private readonly Receiver _receiver = new();
    private SandboxHost _host = null!;

    public async Task InitializeAsync() =>
        _host = await SandboxHost.StartAsync(("WebhookUrl", await _receiver.StartAsync()), ("WebhookSecret", Secret), ("WebhookRetryMs", "20"));

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Event_IsDeliveredSignedOverItsRawBody()
    {
        var customer = await _host.PostAsync("/v1/customers", "email=ñ@example.com");
        var got = await _receiver.WaitAsync(1);

        var parts = got[0].Signature.Split(',').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var timestamp = long.Parse(parts["t"], null);
        Assert.Equal(WebhookSignature.Compute(Secret, timestamp, got[0].Body), parts["v1"]);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - timestamp, -5, 300);
        Assert.Equal(customer.Id, (string?)got[0].Json["data"]!["object"]!["id"]);
        await Eventually.TrueAsync(async () => (await _host.GetAsync("/v1/events?delivery_success=true")).Data.Count == 1, "it counts as delivered");
    }

    [Fact]
    public async Task Delivery_WhenRefused_IsRetriedUntilTaken()
    {
        _receiver.RefuseNext = 3;
        await _host.PostAsync("/v1/customers", "email=a@example.com");
        var got = await _receiver.WaitAsync(4);

        Assert.Single(got.Select(g => (string?)g.Json["id"]).Distinct());
        await Eventually.TrueAsync(async () => (await _host.GetAsync("/v1/events?delivery_success=false")).Data.Count == 0, "none is undelivered");
    }

    [Fact]
    public async Task Drop_LeavesTheEventInTheListAsUndelivered_UntilResent()
    {
        await _host.ControlAsync("webhooks/faults", new { kind = "Drop", types = new[] { "customer.*" } });
        await _host.PostAsync("/v1/customers", "email=a@example.com");
        await _host.PostAsync("/v1/products", "name=x");
        var got = await _receiver.WaitAsync(1);
        Assert.Equal("product.created", (string?)got[0].Json["type"]);

        await Eventually.TrueAsync(async () => (await _host.GetAsync("/v1/events?delivery_success=false")).Data.Count == 1, "one is undelivered");
        var lost = (await _host.GetAsync("/v1/events?delivery_success=false")).Data[0]!;
        Assert.Equal("customer.created", (string?)lost["type"]);
        Assert.Equal(1, (int)lost["pending_webhooks"]!);
        await _host.ControlAsync($"events/{(string?)lost["id"]}/resend");
        Assert.Equal((string?)lost["id"], (string?)(await _receiver.WaitAsync(2))[1].Json["id"]);
    }

    [Fact]
    public async Task Duplicate_SendsTwice()
    {
        await _host.ControlAsync("webhooks/faults", new { kind = "Duplicate" });
        await _host.PostAsync("/v1/customers", "email=a@example.com");
        var got = await _receiver.WaitAsync(2);
        Assert.Equal((string?)got[0].Json["id"], (string?)got[1].Json["id"]);
    }

    [Fact]
    public async Task HoldAndReleaseReversed_BringsEverythingLater()
    {
        await _host.ControlAsync("webhooks/hold");
        for (var i = 0; i < 4; i++)
        {
            await _host.PostAsync("/v1/customers", $"email=a{i}@example.com");
        }

        Assert.Empty(_receiver.Got);
        Assert.Equal(4, (int)(await _host.ControlAsync("webhooks/release?order=reverse"))["released"]!);
        var got = await _receiver.WaitAsync(4);
        Assert.Equal(4, got.Select(g => (string?)g.Json["id"]).Distinct().Count());
    }

    [Fact]
    public async Task Shuffle_DeliversAllInAnotherOrder()
    {
        await _host.ControlAsync("webhooks/faults", new { kind = "Shuffle", times = 12, delayMs = 400, seed = 7 });
        for (var i = 0; i < 12; i++)
        {
            await _host.PostAsync("/v1/customers", $"name={i:00}");
        }

        var names = (await _receiver.WaitAsync(12)).Select(g => (string?)g.Json["data"]!["object"]!["name"]).ToArray();
        Assert.Equal(12, names.Distinct().Count());
        Assert.NotEqual(names.Order(), names);
    }

    [Fact]
    public async Task SecondEndpoint_GetsItsOwnTypesWithItsOwnSecret()
    {
        await using var second = new Receiver();
        var endpoint = await _host.ControlAsync(
            "webhooks/endpoints", new { url = await second.StartAsync(), secret = "whsec_two", events = new[] { "product.created" } });
        await _host.PostAsync("/v1/customers", "email=a@example.com");
        await _host.PostAsync("/v1/products", "name=x");

        await _receiver.WaitAsync(2);
        var got = (await second.WaitAsync(1))[0];
        Assert.Equal("whsec_two", (string?)endpoint["secret"]);
        Assert.Equal("product.created", (string?)got.Json["type"]);
        var timestamp = long.Parse(got.Signature.Split(',')[0][2..], null);
        Assert.EndsWith(WebhookSignature.Compute("whsec_two", timestamp, got.Body), got.Signature, StringComparison.Ordinal);
    }

    internal sealed record Received(string Signature, string Body)
    {
        public JsonNode Json { get; } = JsonNode.Parse(Body)!;
    }

    /// <summary>An endpoint that takes events, or refuses the next few.</summary>
    internal sealed class Receiver : IAsyncDisposable
    {
        private WebApplication _app = null!;
        private int _refuse;

        public ConcurrentQueue<Received> Got { get; } = new();

        public int RefuseNext
        {
            set => _refuse = value;
        }

        public async Task<string> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.MapPost("/hook", async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                Got.Enqueue(new Received(request.Headers["Stripe-Signature"].ToString(), await reader.ReadToEndAsync()));
                return Interlocked.Decrement(ref _refuse) >= 0 ? Results.StatusCode(503) : Results.Ok();
            });
            await _app.StartAsync();
            return _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook";
        }

        public async Task<Received[]> WaitAsync(int count)
        {
            await Eventually.TrueAsync(() => Task.FromResult(Got.Count >= count), $"{count} deliveries came");
            return [.. Got];
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
