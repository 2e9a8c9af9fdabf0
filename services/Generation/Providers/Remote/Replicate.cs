using System.Text.Json.Nodes;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Providers.Remote;

/// <summary>Stable Audio 2.5 at Replicate: a prediction, polled to its end.</summary>
internal sealed class Replicate : RemoteService
{
    public override string Name => "replicate";
    public override ProviderCapabilities Capabilities { get; } = new(AllQualities, 190, Lyrics: false, Plans: false);

    public override bool IsJob(TrackRequest request) => true;

    public override async Task<RemoteJob?> StartAsync(EgressJob egress, RemoteOrder order, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["input"] = new JsonObject
            {
                ["prompt"] = order.DescriptionWithin(2000),
                ["duration"] = order.Request.DurationSeconds,
                ["seed"] = order.Request.Seed,
            },
        };
        var prediction = await egress.AskAsync(HttpMethod.Post, "/v1/models/stability-ai/stable-audio-2.5/predictions", body, cancellationToken);
        return new RemoteJob(RemoteJson.Text(prediction, "id"));
    }

    public override async Task<bool> PollAsync(EgressJob egress, RemoteJob job, RemoteOrder order, CancellationToken cancellationToken)
    {
        var prediction = await egress.AskAsync(HttpMethod.Get, $"/v1/predictions/{job.Id}", null, cancellationToken);
        switch (RemoteJson.Text(prediction, "status"))
        {
            case "starting" or "processing":
                return false;
            case "succeeded":
                var output = prediction["output"] is JsonArray list ? list[0] : prediction["output"];
                await egress.DownloadAsync(output!.GetValue<string>(), order.SoundPath, cancellationToken);
                return true;
            case var status:
                throw new RemoteFailure(ProviderError.Transient, $"The prediction is {status}.");
        }
    }

    public override async Task CancelAsync(EgressJob egress, RemoteJob job, CancellationToken cancellationToken)
    {
        using var _ = await egress.SendAsync(HttpMethod.Post, $"/v1/predictions/{job.Id}/cancel", null, cancellationToken);
    }
}
