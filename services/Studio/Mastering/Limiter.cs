namespace Son1kVers3.Studio.Mastering;

/// <summary>A look-ahead true-peak limiter.</summary>
/// <remarks>
/// The gain that each frame needs is held over the look-ahead window (sliding minimum), recovers exponentially, and is averaged over the
/// same window: it has always arrived when the peak does, without a corner. The output is <see cref="Latency"/> frames late.
/// </remarks>
internal sealed class Limiter
{
    private const int Window = 221;
    public const int Latency = Window - 1 + TruePeak.Delay;

    private readonly float ceiling;
    private readonly float release;
    private readonly TruePeak leftPeak = new();
    private readonly TruePeak rightPeak = new();
    private readonly float[] delayLeft = new float[Latency];
    private readonly float[] delayRight = new float[Latency];
    private readonly float[] needed = new float[Window];
    private readonly long[] queue = new long[Window + 1];
    private readonly float[] smooth = new float[Window];
    private float[] peaks = new float[4096];
    private int queueHead;
    private int queueCount;
    private long frame;
    private float held = 1;
    private double sum = Window;

    public Limiter(double ceilingDecibels, double releaseSeconds = 0.08, int sampleRate = 44100)
    {
        ceiling = (float)Math.Pow(10, ceilingDecibels / 20);
        release = (float)(1 - Math.Exp(-1 / (releaseSeconds * sampleRate)));
        smooth.AsSpan().Fill(1);
    }

    /// <summary>Limits in place; what comes out went in <see cref="Latency"/> frames ago.</summary>
    public void Process(Span<float> left, Span<float> right)
    {
        if (peaks.Length < left.Length)
        {
            peaks = new float[left.Length];
        }

        var found = peaks.AsSpan(0, left.Length);
        found.Clear();
        leftPeak.Raise(left, found);
        rightPeak.Raise(right, found);
        for (var i = 0; i < left.Length; i++)
        {
            var gain = NextGain(found[i]);
            var slot = (int)(frame % Latency);
            (left[i], delayLeft[slot]) = (delayLeft[slot] * gain, left[i]);
            (right[i], delayRight[slot]) = (delayRight[slot] * gain, right[i]);
            frame++;
        }
    }

    private float NextGain(float peak)
    {
        var minimum = SlidingMinimum(peak > ceiling ? ceiling / peak : 1);
        held = minimum < held ? minimum : held + (minimum - held) * release;
        var slot = (int)(frame % Window);
        sum += held - smooth[slot];
        smooth[slot] = held;
        return (float)(sum / Window);
    }

    // A queue of frames whose needs grow: its head is the window's minimum, each frame enters and leaves once.
    private float SlidingMinimum(float need)
    {
        needed[(int)(frame % Window)] = need;
        if (queueCount > 0 && queue[queueHead] <= frame - Window)
        {
            queueHead = (queueHead + 1) % queue.Length;
            queueCount--;
        }

        while (queueCount > 0 && needed[(int)(queue[(queueHead + queueCount - 1) % queue.Length] % Window)] >= need)
        {
            queueCount--;
        }

        queue[(queueHead + queueCount) % queue.Length] = frame;
        queueCount++;
        return needed[(int)(queue[queueHead] % Window)];
    }
}
