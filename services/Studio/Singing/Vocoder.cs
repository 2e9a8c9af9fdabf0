using Son1kVers3.Studio.Mixing;
using Son1kVers3.Studio.Performing;

namespace Son1kVers3.Studio.Singing;

/// <summary>
/// Lets a sung track speak through a synthesiser: the levels of 28 bands of the voice shape the same bands of saw waves on the melody.
/// </summary>
internal sealed class Vocoder
{
    private const int Bands = 28;
    private const double Lowest = 120;
    private const double Highest = 9000;
    private const double EnvelopeSeconds = 0.012;
    private const double Level = 6;
    private static readonly double[] Detune = [0.996, 1, 1.0045];

    private readonly Biquad[] analysis;
    private readonly Biquad[] synthesis;
    private readonly double[] envelopes = new double[Bands];
    private readonly double[] phases = new double[Detune.Length];
    private uint noise = 0x2545F491;

    public Vocoder()
    {
        var step = Math.Pow(Highest / Lowest, 1.0 / (Bands - 1));
        var q = 1 / (Math.Sqrt(step) - 1 / Math.Sqrt(step));
        analysis = [.. Enumerable.Range(0, Bands).Select(i => Biquad.BandPass(Lowest * Math.Pow(step, i), q))];
        synthesis = [.. Enumerable.Range(0, Bands).Select(i => Biquad.BandPass(Lowest * Math.Pow(step, i), q))];
    }

    /// <summary>Replaces the voice; call in order from the start.</summary>
    /// <param name="frequencies">The melody's frequency at each frame, Hz.</param>
    public void Process(Span<float> voice, ReadOnlySpan<float> frequencies)
    {
        var band = new float[voice.Length];
        var shaped = new float[voice.Length];
        var carrier = Carrier(frequencies);
        var sum = new float[voice.Length];
        var smoothing = 1 - Math.Exp(-1 / (EnvelopeSeconds * Performance.SampleRate));
        for (var i = 0; i < Bands; i++)
        {
            voice.CopyTo(band);
            carrier.CopyTo(shaped, 0);
            analysis[i].Process(band, band);
            synthesis[i].Process(shaped, shaped);
            var envelope = envelopes[i];
            for (var k = 0; k < voice.Length; k++)
            {
                envelope += (Math.Abs(band[k]) - envelope) * smoothing;
                sum[k] += shaped[k] * (float)(envelope * Level);
            }

            envelopes[i] = envelope;
        }

        sum.CopyTo(voice);
    }

    // Three saws, slightly apart, and breath for the consonants.
    private float[] Carrier(ReadOnlySpan<float> frequencies)
    {
        var carrier = new float[frequencies.Length];
        for (var i = 0; i < carrier.Length; i++)
        {
            var value = 0.0;
            for (var saw = 0; saw < Detune.Length; saw++)
            {
                phases[saw] += frequencies[i] * Detune[saw] / Performance.SampleRate;
                phases[saw] -= Math.Floor(phases[saw]);
                value += 2 * phases[saw] - 1;
            }

            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            carrier[i] = (float)(value * 0.3 + (noise / 2147483648.0 - 1) * 0.12);
        }

        return carrier;
    }
}
