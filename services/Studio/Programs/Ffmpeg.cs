using System.Globalization;

namespace Son1kVers3.Studio.Programs;

/// <summary>Runs ffmpeg: one file or pipe in, one out, sound alone.</summary>
internal sealed class Ffmpeg(string program)
{
    /// <summary>
    /// Arguments before an input that is a file: local files alone, however a playlist inside it may ask; no decoders but those of sound,
    /// because to learn its size ffmpeg would decode a cover picture that nobody asked for; a bounded look at what it is.
    /// </summary>
    public static readonly IReadOnlyList<string> SafeInput =
    [
        "-protocol_whitelist", "file,pipe", "-codec_whitelist", Decoders, "-vn", "-sn", "-dn", "-probesize", "2M", "-analyzeduration",
        "10M", "-max_streams", "32",
    ];

    /// <summary>
    /// Arguments that make ffmpeg tell on standard output how far it is, four times a second; read it with <see cref="Follow"/>.
    /// </summary>
    public static readonly IReadOnlyList<string> TellProgress = ["-progress", "pipe:1", "-stats_period", "0.25"];

    private const string Decoders =
        "flac,mp3float,mp3,mp2float,mp2,aac,aac_fixed,aac_latm,alac,vorbis,libvorbis,opus,libopus,amrnb,amrwb,libopencore_amrnb,"
            + "libopencore_amrwb,gsm,gsm_ms,"
        + "adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,"
        + "pcm_f32be,pcm_f64le,pcm_f64be,"
        + "pcm_alaw,pcm_mulaw";

    private const string OutTime = "out_time_us=";
    private static readonly string[] Always = ["-hide_banner", "-nostdin", "-nostats", "-y", "-threads", "1", "-max_alloc", "268435456"];

    /// <summary>Runs to the end; see <see cref="ProgramRunner.RunAsync"/>.</summary>
    /// <returns>What ffmpeg said.</returns>
    public Task<string> RunAsync(FfmpegCall call, CancellationToken ct) => ProgramRunner.RunAsync(
        new ProgramCall(program, [.. Always, .. call.Arguments], call.Limits)
        {
            Reads = call.Reads,
            Writes = call.Writes,
            StandardInput = call.StandardInput,
            StandardOutput = call.StandardOutput,
        },
        ct);

    /// <summary>
    /// Reads what <see cref="TellProgress"/> brings and passes on how much of the output is written, by the output's own time.
    /// </summary>
    public static Func<Stream, CancellationToken, Task> Follow(Action<TimeSpan> written) => async (output, ct) =>
    {
        using var lines = new StreamReader(output, leaveOpen: true);
        while (await lines.ReadLineAsync(ct) is { } line)
        {
            // Before the first frame it is "N/A", or negative.
            if (line.StartsWith(OutTime, StringComparison.Ordinal)
                && long.TryParse(line[OutTime.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds))
            {
                written(TimeSpan.FromMicroseconds(microseconds));
            }
        }
    };
}

/// <summary>What ffmpeg is to do; see <see cref="ProgramCall"/>.</summary>
internal sealed record FfmpegCall(IReadOnlyList<string> Arguments)
{
    public ProgramLimits Limits { get; init; } = ProgramLimits.Audio;

    public string? Reads { get; init; }

    public string? Writes { get; init; }

    public Func<Stream, CancellationToken, Task>? StandardInput { get; init; }

    public Func<Stream, CancellationToken, Task>? StandardOutput { get; init; }
}
