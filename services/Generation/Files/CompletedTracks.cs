using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Files;

/// <summary>Finished tracks and their files as they were read in the last seconds: a player asks for one file range by range.</summary>
/// <remarks>
/// Who may hear a track is decided anew at each request, from what is kept here. So that nobody hears what was made private, hidden or
/// deleted, every change of a
/// finished track or of its files drops it: at once in the process that changes it, and by a trigger's NOTIFY, at commit, in all others.
/// What was being read while
/// anything was dropped is not kept. Only if the connection that hears of it breaks do <see cref="Lifetime"/>'s few seconds count.
/// Hidden and archived tracks are never kept.
/// </remarks>
internal sealed class CompletedTracks : IDisposable
{
    private const int Most = 1000;

    private readonly MemoryCache _tracks = new(new MemoryCacheOptions { SizeLimit = Most });
    private long _drops;

    public CompletedTracks(DatabaseSignals signals, IConfiguration configuration)
    {
        Lifetime = TimeSpan.FromSeconds(configuration.GetValue("Media:CacheSeconds", 2.0));
        signals.TrackChanged += Drop;
    }

    /// <summary><c>Media:CacheSeconds</c>; 0 keeps nothing.</summary>
    public TimeSpan Lifetime { get; }

    /// <summary>Changes whenever something is dropped: take it before reading, and hand it to <see cref="Keep(Track, long)"/>.</summary>
    public long Version => Interlocked.Read(ref _drops);

    public Track? Find(Guid track) => _tracks.TryGetValue(track, out Entry? known) ? known!.Track : null;

    public LocalFile? Find(Track track, FileSpec spec) =>
        Of(track) is { } known && known.Files.TryGetValue(spec, out var file) && File.Exists(file.Path) ? file : null;

    public void Keep(Track track, long version)
    {
        if (track is not { Status: TrackStatus.Completed, HiddenAt: null, DeletedAt: null, ArchivedAt: null } || Lifetime <= TimeSpan.Zero)
            return;
        _tracks.Set(track.Id, new Entry(track), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime });
        // After it is there: a drop that came before finds it here, one that comes later finds it itself.
        if (Version != version)
            _tracks.Remove(track.Id);
    }

    /// <summary>Beside its track, if that is still the one it was read for.</summary>
    public void Keep(Track track, LocalFile file)
    {
        if (Of(track) is { } known)
            known.Files[file.File.Spec] = file;
    }

    /// <summary>Forgets a track; all of them when it is not known which changed.</summary>
    public void Drop(Guid? track)
    {
        Interlocked.Increment(ref _drops);
        if (track is { } id)
            _tracks.Remove(id);
        else
            _tracks.Clear();
    }

    public void Dispose() => _tracks.Dispose();

    private Entry? Of(Track track) =>
        _tracks.TryGetValue(track.Id, out Entry? known) && ReferenceEquals(known!.Track, track) ? known : null;

    private sealed record Entry(Track Track)
    {
        public ConcurrentDictionary<FileSpec, LocalFile> Files { get; } = [];
    }
}
