using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Encoding;

/// <summary>Makes the files that people fetch from a lossless master.</summary>
public sealed class AudioEncoder(StudioTools tools)
{
    private readonly Ffmpeg ffmpeg = new(tools.Ffmpeg);

    /// <summary>
    /// Encodes <paramref name="masterPath"/> into <paramref name="outputPath"/>; on error or cancellation there is no such file.
    /// </summary>
    /// <remarks>
    /// MP3 and Opus: standard 128/96, high and ultra 320/160 kbit/s. FLAC and WAV: the master's samples, 24 bit for ultra, otherwise 16.
    /// </remarks>
    /// <param name="written">Is told now and then how much of the piece is encoded.</param>
    /// <exception cref="ToolException">ffmpeg could not encode it.</exception>
    public async Task EncodeAsync(
        string masterPath, string outputPath, AudioFormat format, StudioQuality quality, TrackTags tags, CancellationToken ct,
            Action<TimeSpan>? written = null)
    {
        var partial = outputPath + ".part";
        try
        {
            var call = new FfmpegCall(
            [
                .. Ffmpeg.SafeInput, "-i", ProgramCall.Input, "-map", "0:a:0", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a",
                    "+bitexact",
                .. Codec(format, quality), .. Metadata(format, tags), .. written is null ? [] : Ffmpeg.TellProgress, ProgramCall.Output,
            ])
            { Reads = masterPath, Writes = partial, StandardOutput = written is null ? null : Ffmpeg.Follow(written) };
            await ffmpeg.RunAsync(call, ct);
            if (format == AudioFormat.Flac)
            {
                FlacTags.Add(partial, "ENCODER", TrackTags.Encoder);
            }

            File.Move(partial, outputPath, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static string[] Codec(AudioFormat format, StudioQuality quality) => format switch
    {
        AudioFormat.Mp3 =>
        [
            "-ar", "44100", "-c:a", "libmp3lame", "-b:a", quality == StudioQuality.Standard ? "128k" : "320k", "-id3v2_version", "3", "-f", "mp3",
        ],
        AudioFormat.Opus => ["-c:a", "libopus", "-b:a", quality == StudioQuality.Standard ? "96k" : "160k", "-f", "opus"],
        AudioFormat.Flac when quality == StudioQuality.Ultra =>
            ["-ar", "44100", "-c:a", "flac", "-sample_fmt", "s32", "-bits_per_raw_sample", "24", "-f", "flac"],
        AudioFormat.Flac => ["-ar", "44100", "-c:a", "flac", "-sample_fmt", "s16", "-f", "flac"],
        _ => ["-ar", "44100", "-c:a", quality == StudioQuality.Ultra ? "pcm_s24le" : "pcm_s16le", "-f", "wav"],
    };

    private static IEnumerable<string> Metadata(AudioFormat format, TrackTags tags)
    {
        foreach (var (name, value) in tags.For(format))
        {
            yield return "-metadata";
            yield return $"{name}={value}";
        }

        if (format == AudioFormat.Opus)
        {
            // Ogg keeps the encoder with the stream.
            yield return "-metadata:s:a:0";
            yield return $"encoder={TrackTags.Encoder}";
        }
    }
}
