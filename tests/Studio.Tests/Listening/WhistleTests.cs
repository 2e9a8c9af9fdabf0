using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Studio.Tests.Listening;

[Trait("Category", "Unit")]
public sealed class WhistleTests
{
    [Theory]
    [InlineData(72, 74, 76, 77)]
    [InlineData(76, 79, 83, 76)]
    [InlineData(84, 86, 87, 84)]
    [InlineData(86, 88, 89, 86)]
    [InlineData(93, 95, 96, 98)]
    [InlineData(100, 103, 105, 107)]
    public void Transcribe_WhenSomebodyWhistles_HearsTheOctaveToo(params int[] pitches)
    {
        foreach (var cents in new[] { 0.0, 30 })
        {
            var notes = SungMelody.NotesOf(pitches);
            var heard = Transcriber.Transcribe(SungMelody.Sing(notes, 5.5, cents, 0.1, partials: 1), CancellationToken.None).Notes;

            Assert.Equal(pitches, heard.Select(note => note.Pitch));
        }
    }

    [Theory]
    [InlineData(60)]
    [InlineData(69)]
    [InlineData(74)]
    [InlineData(81)]
    public void Transcribe_WhenAVoiceIsBright_HearsItsFundamental(int pitch)
    {
        // The second partial is the loudest: an open vowel high up.
        var samples = new float[SungMelody.SampleRate];
        for (var i = 0; i < samples.Length; i++)
        {
            var phase = 2 * Math.PI * 440 * Math.Pow(2, (pitch - 69) / 12.0) * i / SungMelody.SampleRate;
            samples[i] = (float)(0.1 * (Math.Sin(phase) + (1.6 * Math.Sin(2 * phase)) + (0.4 * Math.Sin(3 * phase))));
        }

        Assert.Equal([pitch], Transcriber.Transcribe(samples, CancellationToken.None).Notes.Select(note => note.Pitch));
    }
}
