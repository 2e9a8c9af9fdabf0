using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Mastering;

/// <summary>Writes float PCM as FLAC or MP3 through ffmpeg.</summary>
internal sealed class MasterWriter(Ffmpeg ffmpeg)
{
    private const int BlockFrames = 4096;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>The lossless master: quantised here, so that its samples are ours and the same in every run.</summary>
    public Task WriteFlacAsync(FloatWav source, string path, int bits, CancellationToken ct)
    {
        string[] samples = bits == 24 ? ["-sample_fmt", "s32", "-bits_per_raw_sample", "24"] : ["-sample_fmt", "s16"];
        return ffmpeg.RunAsync(
            [
                "-f", bits == 24 ? "s24le" : "s16le", "-ar", "44100", "-ac", "2", "-i", "pipe:0", "-c:a", "flac", "-compression_level", "5", .. samples,
                "-fflags", "+bitexact", "-flags:a", "+bitexact", path,
            ],
            Timeout,
            ct,
            input: (stream, token) => SendAsync(source, stream, bits, token));
    }

    /// <summary>Float WAV to a 24 bit FLAC.</summary>
    public Task WriteStemAsync(string wavPath, string path, CancellationToken ct) => ffmpeg.RunAsync(
        [
            "-i", wavPath, "-c:a", "flac", "-compression_level", "5", "-sample_fmt", "s32", "-bits_per_raw_sample", "24",
            "-fflags", "+bitexact", "-flags:a", "+bitexact", path,
        ],
        Timeout,
        ct);

    public Task WritePreviewAsync(string wavPath, string path, CancellationToken ct) => ffmpeg.RunAsync(
        ["-i", wavPath, "-c:a", "libmp3lame", "-b:a", "128k", "-compression_level", "7", "-map_metadata", "-1", path], Timeout, ct);

    private static async Task SendAsync(FloatWav source, Stream target, int bits, CancellationToken ct)
    {
        source.Rewind();
        var quantizer = new PcmQuantizer(bits);
        var left = new float[BlockFrames];
        var right = new float[BlockFrames];
        var bytes = new byte[BlockFrames * quantizer.BytesPerFrame];
        int count;
        while ((count = source.Read(left, right)) > 0)
        {
            quantizer.Quantize(left.AsSpan(0, count), right.AsSpan(0, count), bytes);
            await target.WriteAsync(bytes.AsMemory(0, count * quantizer.BytesPerFrame), ct);
        }
    }
}
