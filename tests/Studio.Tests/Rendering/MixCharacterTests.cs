using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Mixing;
using Son1kVers3.Studio.Performing;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Rendering;

[Trait("Category", "Unit")]
public class MixCharacterTests
{
    private static readonly double[] FlatOctaves = [.. OctaveMeter.Centres.Select(_ => 0.0)];

    [Fact]
    public void For_WhenTheSeedIsAnother_DrawsAnotherSound()
    {
        MixCharacter[] drawn = [.. Enumerable.Range(1, 20).Select(seed => For("cinematic", "epic", seed))];

        Assert.Equal(20, drawn.Distinct().Count());
        Assert.True(drawn.Max(character => character.Tilt) - drawn.Min(character => character.Tilt) > 1);
        Assert.Equal(drawn[0], For("cinematic", "epic", 1));
    }

    [Theory]
    [InlineData("classical", MixFamily.Ensemble)]
    [InlineData("techno", MixFamily.Club)]
    [InlineData("salsa", MixFamily.Band)]
    public void For_WhateverTheStyle_KnowsItsFamily(string genre, MixFamily family) => Assert.Equal(family, For(genre, "", 1).Family);

    [Fact]
    public void Gains_WhenTheMixIsTooBright_CutMoreWithEachOctaveAboveAndNeverBoostMuch()
    {
        var gains = ToneBalance.Gains(FlatOctaves, MixCharacter.Neutral);

        Assert.Equal(gains[1..].OrderDescending(), gains[1..]);
        Assert.True(gains[^2] < -4);
        Assert.All(gains, gain => Assert.InRange(gain, -8, 3));
    }

    [Fact]
    public void Gains_WhenTheMixHasTheSlopeAlready_ChangeNothing()
    {
        var wished = ToneBalance.Target(MixCharacter.Neutral);

        Assert.All(ToneBalance.Gains(wished, MixCharacter.Neutral), gain => Assert.Equal(0, gain, 9));
        Assert.All(ToneBalance.Gains([.. wished.Select(level => level - 30)], MixCharacter.Neutral), gain => Assert.Equal(0, gain, 9));
    }

    [Fact]
    public void Meter_WhenOneOctaveSounds_FindsIt()
    {
        var meter = new OctaveMeter();
        var tone = Tone(1000, 0.1f);

        meter.Add(tone, tone);

        Assert.Equal(4, meter.Levels.ToList().IndexOf(meter.Levels.Max()));
        Assert.True(meter.Levels[4] - meter.Levels[6] > 6);
    }

    [Fact]
    public void Saturation_WhenPeaksAreHigh_RoundsThemAndLeavesQuietSoundsAlone()
    {
        float[] signal = [0.01f, -0.01f, 2, -2];

        new Saturation(0.5f).Process(signal);

        Assert.Equal(0.01, signal[0], 1e-5);
        Assert.Equal(-signal[0], signal[1]);
        Assert.InRange(signal[2], 0.4f, 0.5f);
        Assert.Equal(-signal[2], signal[3]);
    }

    // The same bass in an orchestra's room and on a club's floor.
    [Fact]
    public void Chain_WhenAnEnsemblePlays_IsWideDownToItsLows()
    {
        Assert.InRange(SideOf(For("classical", "", 1)), 0.1, 0.45);
        Assert.InRange(SideOf(For("techno", "", 1)), 0, 0.001);
    }

    [Fact]
    public void Automation_WhenAnEnsemblePlays_BreathesWithItsPhrases()
    {
        Assert.InRange(RangeOf(For("classical", "", 1)), 5, 14);
        Assert.InRange(RangeOf(For("techno", "", 1)), 0, 0.1);
    }

    private static MixCharacter For(string genre, string mood, int seed) => MixCharacter.For(genre, mood, Dice.For(seed, "mix").Unit);

    private static double SideOf(MixCharacter character)
    {
        var part = new Part("Bass", PartRole.Bass, 0, 0, 0, 0, 0, [], []);
        var chain = new StemChain(part, new PartLevel(-23, 0), 0, character);
        double mid = 0, side = 0;
        var tone = Tone(60, 0.1f);
        for (var start = 0; start < tone.Length; start += Performance.BlockFrames)
        {
            float[] left = tone[start..(start + Performance.BlockFrames)], right = [.. left];
            chain.Process(left, right, []);
            mid += left.Zip(right, (l, r) => (l + r) * (double)(l + r)).Sum();
            side += left.Zip(right, (l, r) => (l - r) * (double)(l - r)).Sum();
        }

        return side / (mid + side);
    }

    // dB between the loudest and the softest block of one long section.
    private static double RangeOf(MixCharacter character)
    {
        var performance = new Performance(TestScores.Choir(16), null);
        var automation = new Automation(performance, MixSettings.Default, character);
        var levels = new List<double>();
        for (var start = 0L; start < 28L * Performance.SampleRate; start += Performance.BlockFrames)
        {
            var gains = Enumerable.Repeat(1f, Performance.BlockFrames).ToArray();
            automation.Apply(start, gains);
            levels.Add(20 * Math.Log10(gains[^1]));
        }

        return levels.Max() - levels.Min();
    }

    private static float[] Tone(double hertz, float level) =>
        [.. Enumerable.Range(0, 16 * Performance.BlockFrames)
            .Select(i => level * (float)Math.Sin(2 * Math.PI * hertz * i / Performance.SampleRate))];
}
