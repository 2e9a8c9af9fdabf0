using System.Globalization;
using System.Runtime.InteropServices;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Listening;

/// <summary>Decodes audio files through ffmpeg, whatever the format, in bounded time and memory.</summary>
public sealed class AudioReader(StudioTools tools)
{
    // Playlists, scripts and network containers are not in it: a file can make ffmpeg read nothing but itself.
    private const string Demuxers = "wav,w64,aiff,caf,mp3,flac,ogg,aac,amr,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm";

    /// <summary>Where nothing was decoded after this time, nothing will be.</summary>
    private static readonly TimeSpan FirstSound = TimeSpan.FromSeconds(10);

    private readonly Ffmpeg ffmpeg = new(tools.Ffmpeg);

    /// <summary>The first <paramref name="maximumSeconds"/> of a file of our own, as mono floats.</summary>
    /// <exception cref="ToolException">The file can't be decoded.</exception>
    public async Task<float[]> ReadMonoAsync(string path, int sampleRate, double maximumSeconds, CancellationToken ct)
    {
        var samples = new List<float>();
        await DecodeAsync(path, sampleRate, 1, maximumSeconds, block => samples.AddRange(block), ct);
        return [.. samples];
    }

    /// <summary>Somebody's upload as mono floats: of two channels that cancel each other out, the louder one.</summary>
    /// <exception cref="AudioRejectedException">No audio file, empty, or longer than <paramref name="maximumSeconds"/>.</exception>
    public async Task<float[]> ReadUploadAsync(string path, int sampleRate, double maximumSeconds, CancellationToken ct)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            throw new AudioRejectedException(AudioRejection.Empty);
        }

        var mix = new StereoSum();
        try
        {
            await DecodeUploadAsync(path, sampleRate, maximumSeconds + 1, mix, ct);
        }
        catch (ToolException error)
        {
            throw new AudioRejectedException(AudioRejection.NotAudio, error);
        }

        return mix.Frames == 0 ? throw new AudioRejectedException(AudioRejection.Empty)
            : mix.Frames > (maximumSeconds + 0.25) * sampleRate ? throw new AudioRejectedException(AudioRejection.TooLong)
            : mix.Mono();
    }

    /// <summary>Streams interleaved floats in blocks.</summary>
    internal Task DecodeAsync(
        string path, int sampleRate, int channels, double maximumSeconds, Action<ReadOnlySpan<float>> block, CancellationToken ct) =>
        ffmpeg.RunAsync(Decoding(path, sampleRate, channels, maximumSeconds, block), ct);

    // Megabytes of what only looks like sound keep a decoder busy for long and give nothing.
    private async Task DecodeUploadAsync(string path, int sampleRate, double maximumSeconds, StereoSum mix, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(FirstSound);
        var call = Decoding(path, sampleRate, 2, maximumSeconds, samples =>
        {
            deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            mix.Add(samples);
        });
        try
        {
            await ffmpeg.RunAsync(call with { Limits = ProgramLimits.Upload }, deadline.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new AudioRejectedException(AudioRejection.NotAudio);
        }
    }

    private static FfmpegCall Decoding(string path, int sampleRate, int channels, double maximumSeconds, Action<ReadOnlySpan<float>> block)
    {
        var seconds = maximumSeconds.ToString(CultureInfo.InvariantCulture);
        return new FfmpegCall(
        [
            "-v", "error", .. Ffmpeg.SafeInput, "-format_whitelist", Demuxers, "-t", seconds, "-i", ProgramCall.Input,
            "-map", "0:a:0", "-t", seconds, "-ac", $"{channels}", "-ar", $"{sampleRate}", "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1",
        ])
        { Reads = path, StandardOutput = (stream, token) => ReadBlocksAsync(stream, channels, block, token) };
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
