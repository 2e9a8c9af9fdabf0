using Son1kVers3.Studio.Performing;

namespace Son1kVers3.Studio.Mixing;

/// <summary>
/// Spreads a part over the picture: a late copy of its middle and highs, added on the left and taken away on the right (Lauridsen 1954).
/// </summary>
/// <remarks>
/// What is added on one side is missing on the other: in mono nothing of it is left, and nothing is lost.
/// </remarks>
internal sealed class Widener
{
    private const int Length = 1024;

    // 9 to 19 ms, in frames, primes: copies of several parts don't fall together.
    private static readonly int[] Delays = [397, 563, 467, 709, 421, 617, 503, 761, 443, 661, 541, 809, 487, 587, 683, 743];

    private readonly Biquad lowCut;
    private readonly float[] line = new float[Length];
    private readonly float[] copy = new float[Performance.BlockFrames];
    private readonly int delay;
    private readonly float width;
    private readonly float level;
    private int position;

    /// <param name="lowestHertz">Lows below stay in the middle.</param>
    public Widener(float width, int index, double lowestHertz)
    {
        lowCut = Biquad.HighPass(lowestHertz);
        // Every other part begins on the other side.
        this.width = index % 2 == 0 ? width : -width;
        delay = Delays[index % Delays.Length];
        // As loud as before, where half of a part lies above the low cut.
        level = 1 / MathF.Sqrt(1 + width * width / 2);
    }

    public void Process(Span<float> left, Span<float> right)
    {
        var late = copy.AsSpan(0, left.Length);
        for (var i = 0; i < late.Length; i++)
        {
            line[position] = (left[i] + right[i]) * 0.5f;
            late[i] = line[(position - delay) & (Length - 1)];
            position = (position + 1) & (Length - 1);
        }

        lowCut.Process(late, late);
        for (var i = 0; i < late.Length; i++)
        {
            left[i] = (left[i] + width * late[i]) * level;
            right[i] = (right[i] - width * late[i]) * level;
        }
    }
}
