using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Performing;

namespace Son1kVers3.Studio.Mixing;

/// <summary>Mixes the dry parts block by block, and gives each part as it stands in the mix when asked.</summary>
/// <remarks>
/// Everything after the channel strips is linear or one gain for all (room, glue, ride, fade), and the stems get the very same gain: they
/// add up to the mix.
/// </remarks>
internal sealed class Mixer
{
    private const int Frames = Performance.BlockFrames;
    private const double RoomReturn = 0.5;

    /// <summary>A hall rings down to its basses; a studio's room leaves them to kick and bass.</summary>
    private const double HallHertz = 40;

    private const double StudioHertz = 180;
    private static readonly ParallelOptions TwoThreads = new() { MaxDegreeOfParallelism = 2 };

    private readonly StemStore store;
    private readonly StemChain[] chains;
    private readonly float[][] left;
    private readonly float[][] right;
    private readonly Reverb room;
    private readonly Reverb[]? stemRooms;
    private readonly Automation automation;
    private readonly Compressor? glue;
    private readonly float roomScale;
    private readonly float[] duck = new float[Frames];
    private readonly float[] gains = new float[Frames];
    private readonly float[] sendLeft = new float[Frames];
    private readonly float[] sendRight = new float[Frames];
    private int block;

    /// <param name="levels">Each dry part's.</param>
    public Mixer(Performance performance, StemStore store, IReadOnlyList<PartLevel> levels, MixSettings settings, MixCharacter character,
        bool stems)
    {
        this.store = store;
        var parts = performance.Score.Parts;
        chains = [.. parts.Select((part, i) => new StemChain(part, levels[i], i, character))];
        left = [.. parts.Select(_ => new float[Frames])];
        right = [.. parts.Select(_ => new float[Frames])];
        var decay = settings.DecaySeconds * Math.Sqrt(character.Room);
        var lowest = character.Family == MixFamily.Ensemble ? HallHertz : StudioHertz;
        room = new Reverb(decay, lowest);
        stemRooms = stems ? [.. parts.Select(_ => new Reverb(decay, lowest))] : null;
        automation = new Automation(performance, settings, character);
        glue = settings.Glue > 1 ? new Compressor(-18, settings.Glue, 0.03, 0.2) : null;
        roomScale = (float)(settings.Room * character.Room * RoomReturn);
    }

    /// <summary>The current block of the mix.</summary>
    public float[] MixLeft { get; } = new float[Frames];

    public float[] MixRight { get; } = new float[Frames];

    /// <summary>The current block of each part, once <see cref="Next"/> was called on a mixer with stems.</summary>
    public (float[] Left, float[] Right) Stem(int index) => (left[index], right[index]);

    public void Next()
    {
        var start = (long)block * Frames;
        if (automation.Ducks)
        {
            automation.Duck(start, duck);
        }

        Parallel.For(0, chains.Length, TwoThreads, ProcessStem);
        SumDry();
        room.Process(sendLeft, sendRight);
        StemChain.Accumulate(MixLeft, sendLeft, roomScale);
        StemChain.Accumulate(MixRight, sendRight, roomScale);

        gains.AsSpan().Fill(1);
        glue?.ComputeGain(MixLeft, MixRight, gains);
        automation.Apply(start, gains);
        StemChain.Multiply(MixLeft, gains);
        StemChain.Multiply(MixRight, gains);
        if (stemRooms is not null)
        {
            Parallel.For(0, chains.Length, TwoThreads, FinishStem);
        }

        block++;
    }

    private void ProcessStem(int index)
    {
        var l = left[index].AsSpan();
        var r = right[index].AsSpan();
        if (!store.Read(block, index, l, r))
        {
            l.Clear();
            r.Clear();
        }

        // Also through rests: filters and compressor let go of what was before.
        chains[index].Process(l, r, automation.Ducks ? duck : []);
    }

    private void SumDry()
    {
        MixLeft.AsSpan().Clear();
        MixRight.AsSpan().Clear();
        sendLeft.AsSpan().Clear();
        sendRight.AsSpan().Clear();
        for (var i = 0; i < chains.Length; i++)
        {
            StemChain.Accumulate(MixLeft, left[i], 1);
            StemChain.Accumulate(MixRight, right[i], 1);
            StemChain.Accumulate(sendLeft, left[i], chains[i].ReverbSend);
            StemChain.Accumulate(sendRight, right[i], chains[i].ReverbSend);
        }
    }

    private void FinishStem(int index)
    {
        var wetLeft = new float[Frames];
        var wetRight = new float[Frames];
        StemChain.Accumulate(wetLeft, left[index], chains[index].ReverbSend);
        StemChain.Accumulate(wetRight, right[index], chains[index].ReverbSend);
        stemRooms![index].Process(wetLeft, wetRight);
        StemChain.Accumulate(left[index], wetLeft, roomScale);
        StemChain.Accumulate(right[index], wetRight, roomScale);
        StemChain.Multiply(left[index], gains);
        StemChain.Multiply(right[index], gains);
    }
}
