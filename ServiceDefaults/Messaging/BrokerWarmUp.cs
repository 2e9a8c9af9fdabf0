using MassTransit;
using Son1kVers3.ServiceDefaults.Health;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>Sends a message to an exchange that no queue is bound to: connects, opens the publishing channel and compiles the serialiser.</summary>
internal sealed class BrokerWarmUp(IBus bus) : IWarmUp
{
    private static readonly Uri Nowhere = new("exchange:son1k.warm-up?durable=false");
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private Task? _sending;

    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        // While the broker is away a send goes on by itself: one is enough.
        if (_sending is null or { IsFaulted: true })
            _sending = SendAsync();
        await _sending.WaitAsync(Timeout, cancellationToken);
    }

    private async Task SendAsync() => await (await bus.GetSendEndpoint(Nowhere)).Send(new Warm(), CancellationToken.None);

    internal sealed record Warm;
}
