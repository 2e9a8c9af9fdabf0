using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Mastering;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Rendering;

/// <summary>Brings sound that was made elsewhere under the studio's own loudness, peak and format.</summary>
public sealed class Remaster(StudioTools tools)
{
    private const int SampleRate = 44100;

    /// <summary>Quieter than this over its whole length is silence.</summary>
    private const double SilenceLufs = -60;

    /// <summary>Writes the lossless master of a sound file.</summary>
    /// <param name="scratch">A folder for what lies between; belongs to this call.</param>
    /// <returns>Its duration in seconds.</returns>
    /// <exception cref="AudioRejectedException">Not audio, or nothing to be heard in it.</exception>
    public async Task<double> WriteAsync(
        string source, string master, string scratch, double maximumSeconds, StudioQuality quality, CancellationToken cancellationToken)
    {
        var meter = new MasterMeter();
        using var mix = FloatWav.Create(Path.Combine(scratch, "remote-mix.wav"));
        try
        {
            await new AudioReader(tools).DecodeAsync(source, SampleRate, 2, maximumSeconds, block => Add(block, mix, meter), cancellationToken);
        }
        catch (ToolException error)
        {
            throw new AudioRejectedException(AudioRejection.NotAudio, error);
        }

        var loudness = meter.Result().Lufs;
        // Also what is not a number.
        if (!(loudness > SilenceLufs))
            throw new AudioRejectedException(AudioRejection.Empty);
        using var mastered = FloatWav.Create(Path.Combine(scratch, "remote-master.wav"));
        MasterChain.Apply(mix, loudness, mastered, _ => { }, cancellationToken);
        await new MasterWriter(new Ffmpeg(tools.Ffmpeg))
            .WriteFlacAsync(mastered, master, quality == StudioQuality.Ultra ? 24 : 16, cancellationToken);
        return (double)mix.Frames / SampleRate;
    }

    private static void Add(ReadOnlySpan<float> interleaved, FloatWav mix, MasterMeter meter)
    {
        var frames = interleaved.Length / 2;
        var (left, right) = (new float[frames], new float[frames]);
        for (var i = 0; i < frames; i++)
            (left[i], right[i]) = (interleaved[2 * i], interleaved[(2 * i) + 1]);
        meter.Add(left, right);
        mix.Write(left, right);
    }
}
