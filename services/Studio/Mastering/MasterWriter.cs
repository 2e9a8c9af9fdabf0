using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Mastering;

/// <summary>Writes float PCM as FLAC or MP3 through ffmpeg.</summary>
internal sealed class MasterWriter(Ffmpeg ffmpeg)
{
    private const int BlockFrames = 4096;
    private static readonly string[] Flac = ["-c:a", "flac", "-compression_level", "5", "-fflags", "+bitexact", "-flags:a", "+bitexact",
        "-f", "flac"];

    /// <summary>The lossless master: quantised here, so that its samples are ours and the same in every run.</summary>
    public Task WriteFlacAsync(FloatWav source, string path, int bits, CancellationToken ct)
    {
        string[] samples = bits == 24 ? ["-sample_fmt", "s32", "-bits_per_raw_sample", "24"] : ["-sample_fmt", "s16"];
        var call = new FfmpegCall(
        [
            "-f", bits == 24 ? "s24le" : "s16le", "-ar", "44100", "-ac", "2", "-i", "pipe:0", .. Flac, .. samples, ProgramCall.Output,
        ])
        { Writes = path, StandardInput = (stream, token) => SendAsync(source, stream, bits, token) };
        return ffmpeg.RunAsync(call, ct);
    }

    /// <summary>Float WAV to a 24 bit FLAC.</summary>
    public Task WriteStemAsync(string wavPath, string path, CancellationToken ct)
    {
        string[] arguments = [.. Ffmpeg.SafeInput, "-i", ProgramCall.Input, .. Flac, "-sample_fmt", "s32", "-bits_per_raw_sample", "24",
            ProgramCall.Output];
        return ffmpeg.RunAsync(new FfmpegCall(arguments) { Reads = wavPath, Writes = path }, ct);
    }

    public Task WritePreviewAsync(string wavPath, string path, CancellationToken ct)
    {
        string[] mp3 = ["-c:a", "libmp3lame", "-b:a", "128k", "-compression_level", "7", "-map_metadata", "-1", "-f", "mp3"];
        return ffmpeg.RunAsync(new FfmpegCall([.. Ffmpeg.SafeInput, "-i", ProgramCall.Input, .. mp3,
            ProgramCall.Output])
        { Reads = wavPath, Writes = path }, ct);
    }

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
