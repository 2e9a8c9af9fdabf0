using Son1kVers3.Studio.Performing;

namespace Son1kVers3.Studio.Mixing;

/// <summary>Widens pads and strings: a slowly wandering delay mixed under the signal, in opposite directions left and right.</summary>
internal sealed class Chorus(float amount)
{
    private const int Length = 2048;
    private const double CentreFrames = 0.012 * Performance.SampleRate;
    private const double DepthFrames = 0.003 * Performance.SampleRate;
    private const double Step = 2 * Math.PI * 0.45 / Performance.SampleRate;
    private const int Stride = 32;

    private readonly float[] left = new float[Length];
    private readonly float[] right = new float[Length];
    private int position;
    private double phase;

    public void Process(Span<float> leftSignal, Span<float> rightSignal)
    {
        float offset = 0, next = 0;
        for (var i = 0; i < leftSignal.Length; i++)
        {
            if (i % Stride == 0)
            {
                offset = (float)(Math.Sin(phase) * DepthFrames);
                phase += Step * Stride;
                next = ((float)(Math.Sin(phase) * DepthFrames) - offset) / Stride;
            }

            left[position] = leftSignal[i];
            right[position] = rightSignal[i];
            leftSignal[i] += amount * Tap(left, (float)CentreFrames + offset);
            rightSignal[i] += amount * Tap(right, (float)CentreFrames - offset);
            offset += next;
            position = (position + 1) & (Length - 1);
        }

        phase %= 2 * Math.PI;
    }

    private float Tap(float[] line, float delay)
    {
        var whole = (int)delay;
        var fraction = delay - whole;
        var a = line[(position - whole) & (Length - 1)];
        var b = line[(position - whole - 1) & (Length - 1)];
        return a + (b - a) * fraction;
    }
}
