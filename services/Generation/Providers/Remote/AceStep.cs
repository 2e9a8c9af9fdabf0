using System.Text.Json.Nodes;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Providers.Remote;

/// <summary>ACE-Step 1.5 on a server of the operator's own.</summary>
internal sealed class AceStep : RemoteService
{
    private static readonly int[] Meters = [2, 3, 4, 6];

    public override string Name => "ace-step";
    public override ProviderCapabilities Capabilities { get; } = new(AllQualities, 300, Lyrics: true, Plans: false);

    public override bool IsJob(TrackRequest request) => true;

    public override async Task<RemoteJob?> StartAsync(EgressJob egress, RemoteOrder order, CancellationToken cancellationToken)
    {
        var plan = order.Plan;
        var body = new JsonObject
        {
            ["prompt"] = order.DescriptionWithin(2000),
            ["lyrics"] = order.Lyrics ?? "[Instrumental]",
            ["audio_format"] = "flac",
            ["bpm"] = Math.Clamp(plan.Tempo, 30, 300),
            ["key_scale"] = plan.Key.Name.Replace("major", "Major", StringComparison.Ordinal).Replace("minor", "Minor", StringComparison.Ordinal),
            ["audio_duration"] = order.Request.DurationSeconds,
            ["seed"] = order.Request.Seed,
            ["use_random_seed"] = false,
            ["batch_size"] = 1,
            ["task_type"] = "text2music",
        };
        if (Meters.Contains(plan.TimeSignature.Numerator))
            body["time_signature"] = $"{plan.TimeSignature.Numerator}";
        if (order.Lyrics is not null && plan.Language is { } language)
            body["vocal_language"] = language;
        var data = DataOf(await egress.AskAsync(HttpMethod.Post, "/release_task", body, cancellationToken));
        return new RemoteJob(data["task_id"]!.GetValue<string>());
    }

    public override async Task<bool> PollAsync(EgressJob egress, RemoteJob job, RemoteOrder order, CancellationToken cancellationToken)
    {
        var query = new JsonObject { ["task_id_list"] = new JsonArray(job.Id) };
        var data = DataOf(await egress.AskAsync(HttpMethod.Post, "/query_result", query, cancellationToken)).AsArray();
        // A server that was restarted knows nothing of it; it is asked a few times more.
        var task = data.FirstOrDefault(t => t?["task_id"]?.GetValue<string>() == job.Id)
            ?? throw new ProviderException(ProviderError.Transient, "The server does not know the task.");
        switch (task["status"]!.GetValue<int>())
        {
            case 0:
                return false;
            case 1:
                var file = JsonNode.Parse(task["result"]!.GetValue<string>())!.AsArray()[0]!["file"]!.GetValue<string>();
                await egress.DownloadAsync(file, order.SoundPath, cancellationToken);
                return true;
            default:
                throw new RemoteFailure(ProviderError.Transient, "The server could not make it.");
        }
    }

    private static JsonNode DataOf(JsonNode envelope) => envelope["code"]?.GetValue<int>() is null or 200 && envelope["error"] is null && envelope["data"] is { } data
        ? data
        : throw new ProviderException(ProviderError.Transient, "The server's answer holds an error.");
}
