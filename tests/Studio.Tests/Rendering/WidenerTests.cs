using Son1kVers3.Studio.Mixing;
using Son1kVers3.Studio.Performing;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Rendering;

[Trait("Category", "Unit")]
public class WidenerTests
{
    private const int Seconds = 2;

    [Theory]
    [InlineData(0, 0.6f)]
    [InlineData(1, 0.6f)]
    [InlineData(7, 0.2f)]
    public void Process_WhenHeardInMono_HasOnlyChangedLevel(int index, float width)
    {
        var (left, right) = Noise();
        var before = Enumerable.Range(0, left.Length).Select(i => left[i] + right[i]).ToArray();

        Widen(new Widener(width, index, 250), left, right);

        var level = 1 / MathF.Sqrt(1 + width * width / 2);
        Assert.All(Enumerable.Range(0, left.Length), i => Assert.Equal(before[i] * level, left[i] + right[i], 1e-5));
    }

    [Fact]
    public void Process_WhenItIsWide_KeepsLowsInTheMiddle()
    {
        Assert.InRange(SideOf(60), 0, 0.005);
        Assert.InRange(SideOf(1000), 0.1, 0.4);
    }

    // Pianos come from the SoundFont wider than a stage.
    [Fact]
    public void Chain_WhenAPartIsSampledTooWide_NarrowsItAndAddsNothing()
    {
        var (left, right) = Noise();
        var chain = new StemChain(new Part("Piano", PartRole.Chords, 0, 0, 0, 0, 0, [], []), new PartLevel(-23, Side(left, right)), 0,
            MixCharacter.Neutral);

        for (var start = 0; start < left.Length; start += Performance.BlockFrames)
        {
            chain.Process(left.AsSpan(start, Performance.BlockFrames), right.AsSpan(start, Performance.BlockFrames), []);
        }

        Assert.InRange(Side(left, right), 0.2, 0.27);
    }

    // Share of the energy of a tone that differs left and right.
    private static double SideOf(double hertz)
    {
        var left = Enumerable.Range(0, Seconds * Performance.SampleRate / Performance.BlockFrames * Performance.BlockFrames)
            .Select(i => 0.2f * (float)Math.Sin(2 * Math.PI * hertz * i / Performance.SampleRate)).ToArray();
        float[] right = [.. left];
        Widen(new Widener(0.6f, 0, 250), left, right);
        return Side(left, right);
    }

    private static double Side(float[] left, float[] right)
    {
        var mid = left.Zip(right, (l, r) => (l + r) * (double)(l + r)).Sum();
        var side = left.Zip(right, (l, r) => (l - r) * (double)(l - r)).Sum();
        return side / (mid + side);
    }

    private static (float[] Left, float[] Right) Noise()
    {
        var dice = Dice.For(1, "noise");
        float[] Channel() => [.. Enumerable.Range(0, 8 * Performance.BlockFrames).Select(_ => (float)dice.Gaussian(0.1))];
        return (Channel(), Channel());
    }

    private static void Widen(Widener widener, float[] left, float[] right)
    {
        for (var start = 0; start < left.Length; start += Performance.BlockFrames)
        {
            widener.Process(left.AsSpan(start, Performance.BlockFrames), right.AsSpan(start, Performance.BlockFrames));
        }
    }
}
