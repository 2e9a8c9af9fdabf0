using Son1kVers3.Studio.Performing;
using Son1kVers3.Studio.Programs;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Rendering;

/// <summary>
/// Two synthesisers side by side, each with half of the parts: a song takes half the time where a second core is idle, for the same work.
/// </summary>
internal sealed class SynthPair : IDisposable
{
    private const int Synths = 2;
    private readonly List<SoundFontSynth> synths = [];

    public SynthPair(StudioTools tools, StudioQuality quality, Performance performance)
    {
        try
        {
            foreach (var parts in Divide(performance.Score.Parts))
            {
                synths.Add(new SoundFontSynth(tools, quality, performance, parts));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Renders the next frames, a multiple of 64. <paramref name="buffers"/>: left and right of each part.</summary>
    public void Render(float[][] buffers, int frames) =>
        Parallel.For(0, synths.Count, new ParallelOptions { MaxDegreeOfParallelism = Synths }, i => synths[i].Render(buffers, frames));

    public void Dispose() => synths.ForEach(synth => synth.Dispose());

    // Longest first, each to the half with less to do; a note costs for as long as it sounds.
    private static IEnumerable<IReadOnlyList<int>> Divide(IReadOnlyList<Part> parts)
    {
        var halves = Enumerable.Range(0, Synths).Select(_ => (Load: 0L, Parts: new List<int>())).ToArray();
        foreach (var index in Enumerable.Range(0, parts.Count).OrderByDescending(index => Load(parts[index])))
        {
            var lighter = halves[0].Load <= halves[1].Load ? 0 : 1;
            halves[lighter] = (halves[lighter].Load + Load(parts[index]) + 1, halves[lighter].Parts);
            halves[lighter].Parts.Add(index);
        }

        return halves.Select(half => half.Parts).Where(half => half.Count > 0);

        static long Load(Part part) => part.Notes.Sum(note => (long)note.Duration + Score.TicksPerQuarter);
    }
}
