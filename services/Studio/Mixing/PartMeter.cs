using Son1kVers3.Studio.Mastering;

namespace Son1kVers3.Studio.Mixing;

/// <summary>What the mix has to know of a dry part before it begins.</summary>
/// <param name="Lufs">Integrated loudness; negative infinity when it is silent.</param>
/// <param name="Side">Share of its energy that differs left and right.</param>
internal readonly record struct PartLevel(double Lufs, double Side);

/// <summary>Listens to a dry part while it is synthesised.</summary>
internal sealed class PartMeter
{
    private readonly IntegratedLoudness loudness = new();
    private double common;
    private double apart;

    public PartLevel Level => new(loudness.Integrated(), apart / (common + apart + 1e-12));

    public void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        loudness.Add(left, right);
        float sum = 0, difference = 0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += (left[i] + right[i]) * (left[i] + right[i]);
            difference += (left[i] - right[i]) * (left[i] - right[i]);
        }

        common += sum;
        apart += difference;
    }
}
