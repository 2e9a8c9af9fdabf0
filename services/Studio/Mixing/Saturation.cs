namespace Son1kVers3.Studio.Mixing;

/// <summary>Rounds peaks as tape and transformers do: straight for quiet samples, never above the ceiling, odd harmonics only.</summary>
internal sealed class Saturation(float ceiling)
{
    private readonly float perSquare = 1 / (ceiling * ceiling);

    public void Process(Span<float> signal)
    {
        for (var i = 0; i < signal.Length; i++)
        {
            signal[i] /= MathF.Sqrt(1 + (signal[i] * signal[i] * perSquare));
        }
    }
}
