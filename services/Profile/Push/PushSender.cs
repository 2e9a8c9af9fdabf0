using System.Net;
using System.Net.Sockets;
using Lib.Net.Http.WebPush;

namespace Son1kVers3.Profile.Push;

/// <summary>What became of a push.</summary>
internal enum PushOutcome
{
    /// <summary>The push service took it.</summary>
    Sent,

    /// <summary>The browser does not listen any more.</summary>
    Gone,

    /// <summary>The push service will never take this one.</summary>
    Refused,

    /// <summary>It may go another time.</summary>
    Failed,
}

/// <summary>Sends encrypted messages to push services (RFC 8030, 8291).</summary>
/// <remarks>
/// Members say where their browser's push service is, so the address is not trusted: https only, no redirects, and never to an address inside the
/// installation's network, which is decided on the resolved address that is then connected to.
/// </remarks>
internal sealed class PushSender : IDisposable
{
    private const int LongestAnswer = 64 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private readonly HttpClient _http;
    private readonly PushServiceClient _client;

    public PushSender(PushKeys keys, IConfiguration configuration)
    {
        AllowsLocal = configuration.GetValue<bool>("Push:AllowLocalServices");
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectCallback = ConnectAsync })
        {
            Timeout = Timeout,
            MaxResponseContentBufferSize = LongestAnswer,
        };
        _client = new PushServiceClient(_http) { DefaultAuthentication = keys.Vapid, AutoRetryAfter = false, DefaultTimeToLive = (int)KeptFor.TotalSeconds };
    }

    /// <summary>Push services on the same machine, without TLS: for tests.</summary>
    public bool AllowsLocal { get; }

    /// <summary>Sends one message; a later one of the same topic takes the place of one that was not fetched yet.</summary>
    public async Task<PushOutcome> SendAsync(PushSubscription subscription, string json, Guid topic, CancellationToken cancellationToken)
    {
        var target = new Lib.Net.Http.WebPush.PushSubscription { Endpoint = subscription.Endpoint };
        target.SetKey(PushEncryptionKeyName.P256DH, subscription.P256dh);
        target.SetKey(PushEncryptionKeyName.Auth, subscription.Auth);
        try
        {
            await _client.RequestPushMessageDeliveryAsync(target, new PushMessage(json) { Topic = topic.ToString("N") }, cancellationToken);
            return PushOutcome.Sent;
        }
        catch (PushServiceClientException e)
        {
            return e.StatusCode switch
            {
                HttpStatusCode.NotFound or HttpStatusCode.Gone => PushOutcome.Gone,
                HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => PushOutcome.Refused,
                _ => PushOutcome.Failed,
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return PushOutcome.Failed;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = AllowsLocal ? addresses : Array.FindAll(addresses, PublicNetwork.Contains);
        if (allowed.Length == 0)
            throw new HttpRequestException("The push service has no public address.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
