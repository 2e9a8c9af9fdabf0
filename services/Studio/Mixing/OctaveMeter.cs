namespace Son1kVers3.Studio.Mixing;

/// <summary>The energy of a stream in octaves, 63 Hz to 16 kHz.</summary>
/// <remarks>Every fourth block is listened to: the spectrum of a whole piece is asked for, and filters cost.</remarks>
internal sealed class OctaveMeter
{
    private const double OctaveQ = 1.414;
    private const int Every = 4;

    private readonly Biquad[] bands = [.. Centres.Select(centre => Biquad.BandPass(centre, OctaveQ))];
    private readonly double[] energies = new double[Centres.Length];
    private float[] left = [];
    private float[] right = [];
    private long blocks;

    public static double[] Centres { get; } = [62.5, 125, 250, 500, 1000, 2000, 4000, 8000, 16000];

    /// <summary>dB of each octave on a common scale.</summary>
    public double[] Levels => [.. energies.Select(energy => 10 * Math.Log10(energy + 1e-12))];

    public void Add(ReadOnlySpan<float> leftSignal, ReadOnlySpan<float> rightSignal)
    {
        if (blocks++ % Every != 0)
        {
            return;
        }

        if (left.Length < leftSignal.Length)
        {
            (left, right) = (new float[leftSignal.Length], new float[leftSignal.Length]);
        }

        var l = left.AsSpan(0, leftSignal.Length);
        var r = right.AsSpan(0, leftSignal.Length);
        for (var band = 0; band < bands.Length; band++)
        {
            leftSignal.CopyTo(l);
            rightSignal.CopyTo(r);
            bands[band].Process(l, r);
            var sum = 0f;
            for (var i = 0; i < l.Length; i++)
            {
                sum += (l[i] * l[i]) + (r[i] * r[i]);
            }

            energies[band] += sum;
        }
    }
}
