using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Son1kVers3.Stripe.Sandbox.Events;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Webhooks;

/// <summary>
/// Brings events to the endpoints: signed, at least once, in no guaranteed order, with growing pauses until a 2xx or for three days.
/// </summary>
internal sealed class WebhookDispatcher(World world, WebhookFaults faults, ILogger<WebhookDispatcher> log) : BackgroundService
{
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(3);
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(StripeEvent Event, Delivery Delivery)> _open = [];
    private readonly HashSet<Delivery> _sending = [];
    private readonly SemaphoreSlim _wake = new(0);
    private readonly SemaphoreSlim _parallel = new(8);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Hooks into the world, and takes up what an earlier run left undelivered.</summary>
    public void Attach()
    {
        world.Route = Route;
        world.EventsRecorded = () => _wake.Release();
        lock (world.Gate)
        {
            foreach (var happened in world.State.Events.Values)
            {
                _open.AddRange(happened.Deliveries.Where(d => d.State is DeliveryState.Pending or DeliveryState.Held).Select(d => (happened, d)));
            }
        }
    }

    /// <summary>Sends an event again, to each endpoint it was meant for (or all, if it was meant for none). Call with the lock held.</summary>
    public void Resend(StripeEvent happened)
    {
        if (happened.Deliveries.Count == 0)
        {
            happened.Deliveries.AddRange(world.State.Endpoints.Values.Where(e => !e.Disabled).Select(e => New(e.Id)));
        }

        foreach (var delivery in happened.Deliveries)
        {
            delivery.State = DeliveryState.Pending;
            delivery.NotBefore = world.Time.GetUtcNow();
            delivery.FirstDue = delivery.NotBefore;
            if (!_open.Any(pair => pair.Delivery == delivery))
            {
                _open.Add((happened, delivery));
            }
        }

        _wake.Release();
    }

    /// <summary>Sends what was held back: in the order of events, reversed, or shuffled. Call with the lock held.</summary>
    public int Release(string order, int seed)
    {
        faults.IsHeld = false;
        var held = _open.Where(pair => pair.Delivery.State == DeliveryState.Held).ToList();
        foreach (var pair in held)
        {
            pair.Delivery.State = DeliveryState.Pending;
            pair.Delivery.NotBefore = world.Time.GetUtcNow();
            _open.Remove(pair);
        }

        if (order == "reverse")
        {
            held.Reverse();
        }
        else if (order == "shuffle")
        {
            new Random(seed).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(held));
        }

        _open.AddRange(held);
        _wake.Release();
        return held.Count;
    }

    public override void Dispose()
    {
        _http.Dispose();
        _wake.Dispose();
        _parallel.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            (StripeEvent, Delivery)[] ready;
            lock (world.Gate)
            {
                var now = world.Time.GetUtcNow();
                ready = [.. _open.Where(pair => pair.Delivery.State == DeliveryState.Pending && pair.Delivery.NotBefore <= now && _sending.Add(pair.Delivery))];
            }

            foreach (var (happened, delivery) in ready)
            {
                await _parallel.WaitAsync(stoppingToken);
                _ = SendAsync(happened, delivery, stoppingToken);
            }

            // Woken by a new event, and often enough for what waits for its time.
            await _wake.WaitAsync(TimeSpan.FromMilliseconds(50), stoppingToken);
        }
    }

    private void Route(StripeEvent happened)
    {
        foreach (var endpoint in world.State.Endpoints.Values.Where(e => !e.Disabled && e.EnabledEvents.Any(type => EventApi.Matches(type, happened.Type))))
        {
            happened.Deliveries.Add(New(endpoint.Id));
        }

        faults.Apply(happened);
        _open.AddRange(happened.Deliveries.Where(d => d.State != DeliveryState.Failed).Select(d => (happened, d)));
    }

    private Delivery New(string endpoint) => new()
    {
        Endpoint = endpoint,
        State = faults.IsHeld ? DeliveryState.Held : DeliveryState.Pending,
        NotBefore = world.Time.GetUtcNow(),
        FirstDue = world.Time.GetUtcNow(),
    };

    private async Task SendAsync(StripeEvent happened, Delivery delivery, CancellationToken cancellation)
    {
        var accepted = false;
        try
        {
            WebhookEndpoint endpoint;
            string body;
            lock (world.Gate)
            {
                endpoint = world.State.Endpoints[delivery.Endpoint];
                body = EventApi.Json(happened).ToJsonString(Pretty);
            }

            accepted = await PostAsync(endpoint, body, cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            log.LogDebug(error, "Webhook {Event} was not taken", happened.Id);
        }
        finally
        {
            Settle(happened, delivery, accepted);
            _parallel.Release();
        }
    }

    private async Task<bool> PostAsync(WebhookEndpoint endpoint, string body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)");
        request.Headers.TryAddWithoutValidation(
            "Stripe-Signature", WebhookSignature.Header(endpoint.Secret, world.Time.GetUtcNow().ToUnixTimeSeconds(), body));
        using var response = await _http.SendAsync(request, cancellation);
        return response.IsSuccessStatusCode;
    }

    private void Settle(StripeEvent happened, Delivery delivery, bool accepted)
    {
        lock (world.Gate)
        {
            var now = world.Time.GetUtcNow();
            delivery.Attempts++;
            _sending.Remove(delivery);
            if (accepted && delivery.Repeats > 0)
            {
                delivery.Repeats--;
                delivery.NotBefore = now;
            }
            else if (accepted || now - delivery.FirstDue > GiveUpAfter)
            {
                delivery.State = accepted ? DeliveryState.Delivered : DeliveryState.Failed;
                _open.Remove((happened, delivery));
            }
            else
            {
                delivery.NotBefore = now + Pause(delivery.Attempts);
            }

            world.Touch();
        }
    }

    private TimeSpan Pause(int attempts)
    {
        var doubled = world.Options.WebhookRetryMs * Math.Pow(2, Math.Min(attempts - 1, 20));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, world.Options.WebhookRetryMaxMs));
    }
}
