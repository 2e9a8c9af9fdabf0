namespace Son1kVers3.Studio.Listening;

/// <summary>Fast Fourier transform of a fixed power-of-two size, and magnitude spectra of windowed signal.</summary>
internal sealed class Fourier
{
    private readonly int size;
    private readonly float[] cos;
    private readonly float[] sin;
    private readonly int[] reversed;
    private readonly float[] window;
    private readonly float[] re;
    private readonly float[] im;

    public Fourier(int size)
    {
        this.size = size;
        cos = [.. Enumerable.Range(0, size / 2).Select(i => (float)Math.Cos(2 * Math.PI * i / size))];
        sin = [.. Enumerable.Range(0, size / 2).Select(i => (float)-Math.Sin(2 * Math.PI * i / size))];
        window = [.. Enumerable.Range(0, size).Select(i => (float)(0.5 - 0.5 * Math.Cos(2 * Math.PI * i / size)))];
        re = new float[size];
        im = new float[size];
        reversed = new int[size];
        for (var i = 1; i < size; i++)
        {
            reversed[i] = (reversed[i >> 1] >> 1) | ((i & 1) * (size >> 1));
        }
    }

    /// <summary>Magnitudes of bins 0 … size/2 − 1 of the Hann-windowed signal; what is missing at its end counts as silence.</summary>
    public void Magnitudes(ReadOnlySpan<float> signal, Span<float> magnitudes)
    {
        for (var i = 0; i < size; i++)
        {
            re[reversed[i]] = i < signal.Length ? signal[i] * window[i] : 0;
        }

        Array.Clear(im);
        for (var half = 1; half < size; half *= 2)
        {
            Stage(half);
        }

        for (var i = 0; i < size / 2; i++)
        {
            magnitudes[i] = MathF.Sqrt(re[i] * re[i] + im[i] * im[i]);
        }
    }

    private void Stage(int half)
    {
        var stride = size / (2 * half);
        for (var start = 0; start < size; start += 2 * half)
        {
            for (var j = 0; j < half; j++)
            {
                var (a, b) = (start + j, start + j + half);
                var (c, s) = (cos[j * stride], sin[j * stride]);
                var x = re[b] * c - im[b] * s;
                var y = re[b] * s + im[b] * c;
                (re[b], im[b]) = (re[a] - x, im[a] - y);
                re[a] += x;
                im[a] += y;
            }
        }
    }
}
