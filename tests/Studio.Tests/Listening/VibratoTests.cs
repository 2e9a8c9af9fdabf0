using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Studio.Tests.Listening;

[Trait("Category", "Unit")]
public sealed class VibratoTests
{
    // A tenth of the table that the load command prints whole.
    [Fact]
    public void Transcribe_WhenASingerHasVibrato_HearsTheNotes()
    {
        var misses = new List<string>();
        var sum = 0.0;
        var cells = Table().Where((_, i) => i % 10 == 0).ToList();
        foreach (var (rate, cents, onset, melody) in cells)
        {
            var notes = SungMelody.NotesOf(SungMelody.Melodies[melody]);
            var f1 = SungMelody.F1(notes, SungMelody.Sing(notes, rate, cents, onset));
            sum += f1;
            if (f1 < 0.95)
            {
                misses.Add(FormattableString.Invariant($"{rate} Hz ±{cents} after {onset} s, melody {melody}: {f1:0.00}"));
            }
        }

        Assert.True(sum / cells.Count >= 0.98, FormattableString.Invariant($"{sum / cells.Count:0.000}\n") + string.Join('\n', misses));
        Assert.True(misses.Count <= cells.Count / 20, string.Join('\n', misses));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    public void Transcribe_WhenFourNotesSwing_TheyAreFourNotes(double cents)
    {
        int[] pitches = [60, 64, 67, 64];
        IReadOnlyList<MelodyNoteEstimate> notes = [.. pitches.Select((pitch, i) => new MelodyNoteEstimate(i, 0.9, pitch, 1))];

        var heard = Transcriber.Transcribe(SungMelody.Sing(notes, 5.5, cents, 0), CancellationToken.None).Notes;

        Assert.Equal(pitches, heard.Select(note => note.Pitch));
    }

    [Fact]
    public void Centre_WhenNothingSwings_ChangesNothing()
    {
        double[] steps = [.. Enumerable.Repeat(60.0, 40), .. Enumerable.Repeat(62.0, 40), double.NaN,
            .. Enumerable.Range(0, 60).Select(i => 64 + (i / 30.0))];

        Assert.Equal(steps, Vibrato.Centre(steps));
    }

    private static IEnumerable<(double Rate, double Cents, double Onset, int Melody)> Table() =>
        from rate in new[] { 4.5, 5, 5.5, 6, 6.5, 7 }
        from cents in new[] { 30.0, 40, 50, 60, 70, 80, 90, 100 }
        from onset in new[] { 0, 0.1, 0.2, 0.3 }
        from melody in Enumerable.Range(0, SungMelody.Melodies.Length)
        select (rate, cents, onset, melody);
}
