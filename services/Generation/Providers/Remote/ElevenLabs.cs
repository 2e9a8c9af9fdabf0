using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Generation.Providers.Remote;

/// <summary>ElevenLabs Music: one call, whose answer is the sound. A composition plan takes our form, our words and the seed.</summary>
internal sealed class ElevenLabs : RemoteService
{
    private const int ShortestSection = 3000;
    private const int LongestSection = 120_000;
    private const int MostSections = 30;
    private const int MostLines = 30;
    private const int LongestLine = 200;

    public override string Name => "elevenlabs";
    public override ProviderCapabilities Capabilities { get; } = new(AllQualities, 300, Lyrics: true, Plans: false);

    public override async Task<RemoteJob?> StartAsync(EgressJob egress, RemoteOrder order, CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(new JsonObject
        {
            ["model_id"] = "music_v1",
            ["seed"] = order.Request.Seed,
            ["composition_plan"] = new JsonObject
            {
                ["positive_global_styles"] = Strings([order.DescriptionWithin(1000)]),
                ["negative_global_styles"] = Strings(order.Lyrics is null ? ["vocals"] : []),
                ["sections"] = SectionsOf(order),
            },
        });
        using var answer = await egress.SendAsync(
            HttpMethod.Post, "/v1/music?output_format=mp3_44100_128", body, cancellationToken);
        await EgressJob.SaveAsync(answer, order.SoundPath, cancellationToken);
        return null;
    }

    private static JsonArray SectionsOf(RemoteOrder order)
    {
        var sections = Lengths(order.Plan.Form, order.Request.DurationSeconds * 1000);
        var lines = (order.Lyrics ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '[').SelectMany(line => line.Chunk(LongestLine)).Select(part => new string(part)).ToList();
        var sung = sections.Where(s => s.Name is not ("intro" or "outro" or "solo" or "break" or "build")).ToList();
        sung = sung.Count == 0 ? sections : sung;
        var share = (lines.Count + sung.Count - 1) / sung.Count;
        if (share > MostLines)
            throw new ProviderException(ProviderError.Transient, "There are more words than ElevenLabs sings in this time.");
        var result = new JsonArray();
        foreach (var section in sections)
        {
            var own = sung.IndexOf(section) is >= 0 and var place ? lines.Skip(place * share).Take(share) : [];
            result.Add((JsonNode)new JsonObject
            {
                ["section_name"] = section.Name,
                ["positive_local_styles"] = new JsonArray(),
                ["negative_local_styles"] = new JsonArray(),
                ["duration_ms"] = section.Milliseconds,
                ["lines"] = Strings(own),
            });
        }

        return result;
    }

    /// <summary>The form in sections as long as they may be: short ones join the one before, long ones are cut in equal parts.</summary>
    private static List<Part> Lengths(IReadOnlyList<PlanSection> form, int whole)
    {
        var starts = form.Select(s => (s.Section, At: (int)(s.StartSeconds * 1000))).Where(s => s.At <= whole - ShortestSection).ToList();
        var joined = new List<(string Section, int At)> { (starts.Count > 0 ? starts[0].Section : "verse", 0) };
        joined.AddRange(starts.Skip(1).Where(s => s.At >= ShortestSection));
        for (var i = joined.Count - 1; i > 0; i--)
        {
            if (joined[i].At - joined[i - 1].At < ShortestSection || joined.Count > MostSections - 3)
                joined.RemoveAt(i);
        }

        var parts = new List<Part>();
        for (var i = 0; i < joined.Count; i++)
        {
            var length = (i + 1 < joined.Count ? joined[i + 1].At : whole) - joined[i].At;
            var count = (length + LongestSection - 1) / LongestSection;
            for (var k = 0; k < count; k++)
                parts.Add(new Part(parts.Count, joined[i].Section, (length / count) + (k == 0 ? length % count : 0)));
        }

        return parts;
    }

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);

    private sealed record Part(int Place, string Name, int Milliseconds);
}
