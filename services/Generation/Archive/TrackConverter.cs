using Son1kVers3.Contracts;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Storage;

namespace Son1kVers3.Generation.Archive;

/// <summary>What a stored file becomes.</summary>
internal sealed record Conversion(string Kind, string Format, Quality Quality);

/// <summary>Makes a stored file of another one. Whoever asks records it, or deletes it again.</summary>
internal sealed class TrackConverter(ITrackStore store, MediaFolder folder, Encoder encoder)
{
    /// <summary>The new file in the store; null when the source is not there any more.</summary>
    /// <param name="written">Is told now and then how much of the piece is done.</param>
    public async Task<TrackFile?> ConvertAsync(Track track, TrackFile source, Conversion wanted, CancellationToken cancellationToken, Action<TimeSpan>? written = null)
    {
        if (await store.GetAsync(source.Key, cancellationToken) is not { } path)
            return null;
        var (kind, format, quality) = wanted;
        var scratch = folder.CreateScratch(Guid.NewGuid().ToString("N"));
        try
        {
            var output = Path.Combine(scratch, $"{kind}.{format}");
            await encoder.EncodeAsync(path, output, format, quality, Encoder.Tags(track.Id, track.Title, FileMakers.PlanOf(track)), cancellationToken, written);
            var key = $"tracks/{track.Id}/{Guid.NewGuid():N}/{kind}.{format}";
            var stored = await store.PutAsync(key, output, cancellationToken);
            return new TrackFile { TrackId = track.Id, Kind = kind, Format = format, Key = key, Bytes = stored.Bytes, Checksum = stored.Checksum };
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>Removes a file that this made and nobody recorded.</summary>
    public Task DiscardAsync(TrackFile made) => store.DeleteAsync(made.Key, CancellationToken.None);
}
