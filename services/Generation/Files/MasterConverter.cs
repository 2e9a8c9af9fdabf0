using Son1kVers3.Contracts;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Files;

/// <summary>Encodes a stored file of a track as another one. Whoever asks records it, or deletes it again.</summary>
internal sealed class MasterConverter(ITrackStore store, MediaFolder folder, Encoder encoder, TimeProvider clock)
{
    /// <summary>The new file in the store; null when the source is not there any more.</summary>
    /// <param name="written">Is told now and then how much of the piece is done.</param>
    public async Task<TrackFile?> ConvertAsync(
        Track track, TrackFile source, FileSpec wanted, Quality quality, CancellationToken cancellationToken, Action<TimeSpan>? written =
            null)
    {
        if (await store.GetAsync(source.Key, cancellationToken) is not { } path)
            return null;
        var scratch = folder.CreateScratch(Guid.NewGuid().ToString("N"));
        try
        {
            var output = Path.Combine(scratch, wanted.ToString());
            await encoder.EncodeAsync(
                path, output, wanted.Format, quality, Encoder.Tags(track.Id, track.Title, TrackPlan.Of(track)), cancellationToken, written);
            var key = $"tracks/{track.Id}/{Guid.NewGuid():N}/{wanted}";
            return TrackFile.Of(
                track.Id, wanted, key, await store.PutAsync(key, output, cancellationToken), track.Title, clock.GetUtcNow());
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>Removes a file that this made and nobody recorded.</summary>
    public Task DiscardAsync(TrackFile made) => store.DeleteAsync(made.Key, CancellationToken.None);
}
