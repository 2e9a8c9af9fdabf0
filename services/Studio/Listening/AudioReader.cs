using System.Runtime.InteropServices;
using Son1kVers3.Studio.Encoding;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Listening;

/// <summary>Decodes audio files through ffmpeg, whatever the format, in bounded time and memory.</summary>
public sealed class AudioReader(StudioTools tools)
{
    // Playlists, scripts and network containers are not in it: a file can make ffmpeg read nothing but itself.
    private const string Demuxers = "wav,w64,aiff,caf,mp3,flac,ogg,aac,amr,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private readonly Ffmpeg ffmpeg = new(tools.Ffmpeg);

    /// <summary>The first <paramref name="maximumSeconds"/> of a file of our own, as mono floats.</summary>
    /// <exception cref="ToolException">The file can't be decoded.</exception>
    public async Task<float[]> ReadMonoAsync(string path, int sampleRate, double maximumSeconds, CancellationToken ct)
    {
        var samples = new List<float>();
        await DecodeAsync(path, sampleRate, 1, maximumSeconds, block => samples.AddRange(block), ct);
        return [.. samples];
    }

    /// <summary>Somebody's upload as mono floats.</summary>
    /// <exception cref="AudioRejectedException">No audio file, empty, or longer than <paramref name="maximumSeconds"/>.</exception>
    public async Task<float[]> ReadUploadAsync(string path, int sampleRate, double maximumSeconds, CancellationToken ct)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            throw new AudioRejectedException(AudioRejection.Empty);
        }

        float[] samples;
        try
        {
            samples = await ReadMonoAsync(path, sampleRate, maximumSeconds + 1, ct);
        }
        catch (Exception error) when (error is ToolException or TimeoutException)
        {
            throw new AudioRejectedException(AudioRejection.NotAudio, error);
        }

        return samples.Length == 0 ? throw new AudioRejectedException(AudioRejection.Empty)
            : samples.Length > (maximumSeconds + 0.25) * sampleRate ? throw new AudioRejectedException(AudioRejection.TooLong)
            : samples;
    }

    /// <summary>Streams interleaved floats in blocks.</summary>
    internal Task DecodeAsync(string path, int sampleRate, int channels, double maximumSeconds, Action<ReadOnlySpan<float>> block, CancellationToken ct)
    {
        var seconds = maximumSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return ffmpeg.RunAsync(
            [
                "-v", "error", "-max_alloc", "268435456", "-threads", "1", .. Ffmpeg.SafeInput, "-format_whitelist", Demuxers, "-t", seconds, "-i", path,
                "-map", "0:a:0", "-t", seconds, "-ac", $"{channels}", "-ar", $"{sampleRate}", "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1",
            ],
            Timeout,
            ct,
            output: (stream, token) => ReadBlocksAsync(stream, channels, block, token));
    }

    private static async Task ReadBlocksAsync(Stream stream, int channels, Action<ReadOnlySpan<float>> block, CancellationToken ct)
    {
        var buffer = new byte[16384 * channels * sizeof(float)];
        int count;
        while ((count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct)) > 0)
        {
            block(MemoryMarshal.Cast<byte, float>(buffer.AsSpan(0, count)));
        }
    }
}
