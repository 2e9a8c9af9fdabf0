using Son1kVers3.Studio.Performing;

namespace Son1kVers3.Studio.Mixing;

/// <summary>
/// A room: eight delay lines that feed each other through a Hadamard matrix, highs dying sooner than lows (Jot's feedback delay network).
/// </summary>
/// <remarks>Linear, so that the rooms of the stems add up to the room of the mix.</remarks>
internal sealed class Reverb
{
    private const int LineCount = 8;
    private const float Damping = 0.35f;
    private static readonly int[] Lengths = [1433, 1601, 1867, 2053, 2251, 2399, 2617, 2797];

    private readonly float[][] lines = [.. Lengths.Select(length => new float[length])];
    private readonly int[] positions = new int[LineCount];
    private readonly float[] feedback;
    private readonly float[] damped = new float[LineCount];
    private readonly float[] preDelay = new float[2 * PreDelayFrames];
    private readonly Biquad lowCut;
    private int prePosition;

    private const int PreDelayFrames = 882;

    /// <param name="decaySeconds">RT60.</param>
    /// <param name="lowestHertz">Below it nothing rings.</param>
    public Reverb(double decaySeconds, double lowestHertz)
    {
        lowCut = Biquad.HighPass(lowestHertz);
        feedback = [.. Lengths.Select(length =>
            (float)(Math.Pow(10, -3.0 * length / (decaySeconds * Performance.SampleRate)) / Math.Sqrt(LineCount)))];
    }

    /// <summary>Turns the sent signal into the room's answer, in place.</summary>
    public void Process(Span<float> left, Span<float> right)
    {
        lowCut.Process(left, right);
        Span<float> v = stackalloc float[LineCount];
        for (var i = 0; i < left.Length; i++)
        {
            var inLeft = preDelay[prePosition * 2];
            var inRight = preDelay[prePosition * 2 + 1];
            preDelay[prePosition * 2] = left[i];
            preDelay[prePosition * 2 + 1] = right[i];
            prePosition = prePosition + 1 == PreDelayFrames ? 0 : prePosition + 1;

            for (var line = 0; line < LineCount; line++)
            {
                var value = lines[line][positions[line]];
                damped[line] += (value - damped[line]) * (1 - Damping);
                v[line] = damped[line] + 1e-18f;
            }

            left[i] = (v[0] - v[2] + v[4] - v[6]) * 0.5f;
            right[i] = (v[1] - v[3] + v[5] - v[7]) * 0.5f;
            Hadamard(v);
            for (var line = 0; line < LineCount; line++)
            {
                lines[line][positions[line]] = v[line] * feedback[line] + ((line & 1) == 0 ? inLeft : inRight) * 0.5f;
                positions[line] = positions[line] + 1 == Lengths[line] ? 0 : positions[line] + 1;
            }
        }
    }

    private static void Hadamard(Span<float> v)
    {
        for (var half = 1; half < LineCount; half *= 2)
        {
            for (var i = 0; i < LineCount; i += 2 * half)
            {
                for (var j = i; j < i + half; j++)
                {
                    (v[j], v[j + half]) = (v[j] + v[j + half], v[j] - v[j + half]);
                }
            }
        }
    }
}
