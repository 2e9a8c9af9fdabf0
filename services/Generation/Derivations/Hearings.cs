using System.Text.Json;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Generation.Derivations;

/// <summary>What is heard in finished tracks: measured when it is first asked for, and kept with a track's files.</summary>
internal sealed class Hearings(DerivedFiles files, StudioKit kit)
{
    private const string Kind = "analysis";
    private const string Format = "json";

    /// <summary>Null for an archived track that nobody listened to before (it is not brought back for this), and while the studio's tools are missing.</summary>
    public async Task<TrackAnalysis?> OfAsync(Track track)
    {
        var mayMake = track.ArchivedAt is null && kit.Report.Tools is not null;
        if ((mayMake ? await files.GetAsync(track, Kind, Format) : await files.FindAsync(track.Id, Kind, Format)) is not { } found)
            return null;
        await using var stream = File.OpenRead(found.Path);
        return await JsonSerializer.DeserializeAsync<TrackAnalysis>(stream, JsonSerializerOptions.Web);
    }
}
