using System.Text.Json.Nodes;

namespace Son1kVers3.Generation.Providers.Remote;

/// <summary>MiniMax Music: one call, the sound as hexadecimal text, and failures under status 200.</summary>
internal sealed class MiniMax : RemoteService
{
    private const int LongestLyrics = 3500;

    public override string Name => "minimax";
    public override ProviderCapabilities Capabilities { get; } = new(AllQualities, 300, Lyrics: true, Plans: false);

    public override async Task<RemoteJob?> StartAsync(EgressJob egress, RemoteOrder order, CancellationToken cancellationToken)
    {
        if (order.Lyrics is { Length: > LongestLyrics })
            throw new ProviderException(ProviderError.Transient, "There are more words than MiniMax sings.");
        var body = new JsonObject
        {
            ["model"] = "music-2.6",
            ["prompt"] = order.DescriptionWithin(2000),
            ["is_instrumental"] = order.Lyrics is null,
            ["output_format"] = "hex",
            ["audio_setting"] = new JsonObject { ["sample_rate"] = 44100, ["bitrate"] = 256000, ["format"] = "mp3" },
        };
        if (order.Lyrics is { } lyrics)
            body["lyrics"] = lyrics;
        var answer = await egress.AskAsync(HttpMethod.Post, "/v1/music_generation", body, cancellationToken);
        if (answer["base_resp"]?["status_code"]?.GetValue<int>() is { } code and not 0)
            throw new ProviderException(ProviderError.Transient, $"MiniMax answered {code}.");
        await File.WriteAllBytesAsync(order.SoundPath, Convert.FromHexString(RemoteJson.Text(answer["data"], "audio")), cancellationToken);
        return null;
    }
}
