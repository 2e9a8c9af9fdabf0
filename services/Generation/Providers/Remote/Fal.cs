using System.Text.Json.Nodes;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Providers.Remote;

/// <summary>Stable Audio 2.5 in fal.ai's queue, which says where a job is asked for.</summary>
internal sealed class Fal : RemoteService
{
    public override string Name => "fal";
    public override ProviderCapabilities Capabilities { get; } = new(AllQualities, 190, Lyrics: false, Plans: false);

    public override bool IsJob(TrackRequest request) => true;

    public override async Task<RemoteJob?> StartAsync(EgressJob egress, RemoteOrder order, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["prompt"] = order.DescriptionWithin(2000),
            ["seconds_total"] = order.Request.DurationSeconds,
            ["seed"] = order.Request.Seed,
        };
        var queued = await egress.AskAsync(HttpMethod.Post, "/fal-ai/stable-audio-25/text-to-audio", body, cancellationToken);
        return new RemoteJob(RemoteJson.Text(queued, "request_id"), new RemoteAddresses(
            PathAt(queued, "status_url"), PathAt(queued, "response_url"), PathAt(queued, "cancel_url")));
    }

    public override async Task<bool> PollAsync(EgressJob egress, RemoteJob job, RemoteOrder order, CancellationToken cancellationToken)
    {
        var status = await egress.AskAsync(HttpMethod.Get, job.Addresses!.Status, null, cancellationToken);
        // Errors stand in the result.
        if (RemoteJson.Text(status, "status") != "COMPLETED")
            return false;
        var result = await egress.AskAsync(HttpMethod.Get, job.Addresses.Result, null, cancellationToken);
        await egress.DownloadAsync(RemoteJson.Text(result["audio"], "url"), order.SoundPath, cancellationToken);
        return true;
    }

    public override async Task CancelAsync(EgressJob egress, RemoteJob job, CancellationToken cancellationToken)
    {
        using var _ = await egress.SendAsync(HttpMethod.Put, job.Addresses!.Cancel, null, cancellationToken);
    }

    private static string PathAt(JsonNode queued, string name) => RemoteJson.PathOf(RemoteJson.Text(queued, name));
}
