using System.Numerics;
using System.Runtime.InteropServices;
using Son1kVers3.Studio.Performing;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Mixing;

/// <summary>One channel strip: level, low cut, tone, compression, saturation, chorus, ducking, place and width in the picture.</summary>
internal sealed class StemChain
{
    /// <summary>Loudness of a part with gain 0 dB before the master, LUFS: leaves room for peaks 20 dB above.</summary>
    private const double LeadLoudness = -23;

    private const double LargestGain = 36;

    /// <summary>
    /// Pianos and strings are sampled so wide that little of them is left in mono: no part keeps more of its energy than this in its
    /// differences.
    /// </summary>
    private const double WidestSide = 0.25;

    /// <summary>The same in an ensemble, which is heard through a pair of microphones in front of it.</summary>
    private const double EnsembleSide = 0.42;

    private const double DeskHertz = 250;
    private const double RoomHertz = 35;

    /// <summary>From here on a part is wide enough by itself.</summary>
    private const double WideSide = 0.12;

    private readonly float gain;
    private readonly float panLeft;
    private readonly float panRight;
    private readonly double duckShare;
    private readonly Biquad[] filters;
    private readonly Compressor? compressor;
    private readonly Saturation saturation;
    private readonly Chorus? chorus;
    private readonly Widener? widener;
    private readonly float keptSide;
    private readonly float[] gains = new float[Performance.BlockFrames];

    /// <param name="level">Of the dry part.</param>
    /// <param name="index">Of the part in its score: no two are widened the same way.</param>
    public StemChain(Part part, PartLevel level, int index, MixCharacter character)
    {
        var sound = RoleSound.For(part.Role);
        var target = LeadLoudness + part.Gain;
        gain = double.IsFinite(level.Lufs) ? (float)Math.Pow(10, Math.Min(target - level.Lufs, LargestGain) / 20) : 0;
        // Equal power: a part keeps its loudness wherever it stands.
        var angle = (Math.Clamp(part.Pan, -1, 1) + 1) * Math.PI / 4;
        (panLeft, panRight) = ((float)(Math.Sqrt(2) * Math.Cos(angle)), (float)(Math.Sqrt(2) * Math.Sin(angle)));
        filters = CreateFilters(sound);
        compressor = sound.Ratio > 1 ? new Compressor(target + 3, sound.Ratio, sound.Attack, 0.12) : null;
        saturation = new Saturation((float)Math.Pow(10, (target + character.Headroom) / 20));
        chorus = sound.Chorus > 0 ? new Chorus(sound.Chorus) : null;
        var inRoom = character.Family == MixFamily.Ensemble;
        var (widest, wideEnough) = inRoom ? (EnsembleSide, EnsembleSide) : (WidestSide, WideSide);
        keptSide = level.Side <= widest ? 1 : (float)Math.Sqrt(widest / (1 - widest) * (1 - level.Side) / level.Side);
        var width = (inRoom ? 1 : sound.Width) * (float)(character.Width * Math.Clamp(1 - (level.Side / wideEnough), 0, 1));
        widener = width > 0.05f ? new Widener(width, index, inRoom ? RoomHertz : DeskHertz) : null;
        duckShare = sound.Duck;
        ReverbSend = (float)Math.Clamp(part.Reverb, 0, 1);
    }

    public float ReverbSend { get; }

    /// <param name="duck">Ducking of each frame in dB (0 or below); empty for none.</param>
    public void Process(Span<float> left, Span<float> right, ReadOnlySpan<float> duck)
    {
        Scale(left, gain);
        Scale(right, gain);
        if (keptSide < 1)
        {
            Narrow(left, right);
        }

        foreach (var filter in filters)
        {
            filter.Process(left, right);
        }

        if (compressor is not null)
        {
            var span = gains.AsSpan(0, left.Length);
            compressor.ComputeGain(left, right, span);
            Multiply(left, span);
            Multiply(right, span);
        }

        saturation.Process(left);
        saturation.Process(right);
        chorus?.Process(left, right);
        if (duckShare > 0 && !duck.IsEmpty)
        {
            Duck(left, right, duck);
        }

        Scale(left, panLeft);
        Scale(right, panRight);
        // Last, so that what it adds left and right is equal and opposite wherever the part stands.
        widener?.Process(left, right);
    }

    public static void Multiply(Span<float> signal, ReadOnlySpan<float> gains)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(signal);
        var gainVectors = MemoryMarshal.Cast<float, Vector<float>>(gains[..signal.Length]);
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] *= gainVectors[i];
        }

        for (var i = vectors.Length * Vector<float>.Count; i < signal.Length; i++)
        {
            signal[i] *= gains[i];
        }
    }

    /// <summary>Adds <paramref name="signal"/> × <paramref name="factor"/> to <paramref name="sum"/>.</summary>
    public static void Accumulate(Span<float> sum, ReadOnlySpan<float> signal, float factor)
    {
        var sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        var signals = MemoryMarshal.Cast<float, Vector<float>>(signal[..sum.Length]);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += signals[i] * factor;
        }

        for (var i = sums.Length * Vector<float>.Count; i < sum.Length; i++)
        {
            sum[i] += signal[i] * factor;
        }
    }

    private static void Scale(Span<float> signal, float factor)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(signal);
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] *= factor;
        }

        for (var i = vectors.Length * Vector<float>.Count; i < signal.Length; i++)
        {
            signal[i] *= factor;
        }
    }

    private static Biquad[] CreateFilters(RoleSound sound)
    {
        var filters = new List<Biquad> { Biquad.HighPass(sound.HighPass) };
        if (sound.Presence != 0)
        {
            filters.Add(Biquad.Peak(sound.PresenceFrequency, sound.Presence, 0.9));
        }

        if (sound.Air != 0)
        {
            filters.Add(Biquad.HighShelf(8000, sound.Air));
        }

        return [.. filters];
    }

    private void Narrow(Span<float> left, Span<float> right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var middle = (left[i] + right[i]) * 0.5f;
            var side = (left[i] - right[i]) * 0.5f * keptSide;
            left[i] = middle + side;
            right[i] = middle - side;
        }
    }

    private void Duck(Span<float> left, Span<float> right, ReadOnlySpan<float> duck)
    {
        const float NaturalPerDecibel = 0.115129255f;
        for (var i = 0; i < left.Length; i++)
        {
            if (duck[i] < -0.01f)
            {
                var factor = MathF.Exp((float)(duck[i] * duckShare) * NaturalPerDecibel);
                left[i] *= factor;
                right[i] *= factor;
            }
        }
    }
}
