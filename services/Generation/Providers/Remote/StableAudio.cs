using System.Globalization;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Providers.Remote;

/// <summary>Stability's Stable Audio: 2.5 answers with the sound; 3, for what is longer, with a job.</summary>
internal sealed class StableAudio : RemoteService
{
    private const int LongestAtOnce = 190;
    private const string Audio = "audio/*";

    public override string Name => "stability";
    public override ProviderCapabilities Capabilities { get; } = new(AllQualities, 300, Lyrics: false, Plans: false);

    public override bool IsJob(TrackRequest request) => request.DurationSeconds > LongestAtOnce;

    public override async Task<RemoteJob?> StartAsync(EgressJob egress, RemoteOrder order, CancellationToken cancellationToken)
    {
        var atOnce = !IsJob(order.Request);
        using var body = new MultipartFormDataContent
        {
            { new StringContent(order.DescriptionWithin(10_000)), "prompt" },
            { new StringContent(order.Request.DurationSeconds.ToString(CultureInfo.InvariantCulture)), "duration" },
            { new StringContent(order.Request.Seed.ToString(CultureInfo.InvariantCulture)), "seed" },
            { new StringContent("wav"), "output_format" },
        };
        if (atOnce)
            body.Add(new StringContent("stable-audio-2.5"), "model");
        var path = atOnce ? "/v2beta/audio/stable-audio-2/text-to-audio" : "/v2beta/audio/stable-audio/text-to-audio";
        using var answer = await egress.SendAsync(HttpMethod.Post, path, body, cancellationToken, accept: atOnce ? Audio : "application/json");
        if (!atOnce)
            return new RemoteJob(RemoteJson.Text(await RemoteJson.ReadAsync(answer, cancellationToken), "id"));
        await EgressJob.SaveAsync(answer, order.SoundPath, cancellationToken);
        return null;
    }

    public override async Task<bool> PollAsync(EgressJob egress, RemoteJob job, RemoteOrder order, CancellationToken cancellationToken)
    {
        using var answer = await egress.SendAsync(HttpMethod.Get, $"/v2beta/audio/results/{job.Id}", null, cancellationToken, accept: Audio);
        if (answer.StatusCode == System.Net.HttpStatusCode.Accepted)
            return false;
        await EgressJob.SaveAsync(answer, order.SoundPath, cancellationToken);
        return true;
    }
}
