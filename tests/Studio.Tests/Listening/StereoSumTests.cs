using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Studio.Tests.Listening;

[Trait("Category", "Unit")]
public sealed class StereoSumTests
{
    private static readonly IReadOnlyList<MelodyNoteEstimate> Notes = SungMelody.NotesOf([60, 64, 67, 64]);
    private static readonly float[] Voice = SungMelody.Sing(Notes, 5.5, 0, 0);

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, -1, 0)]
    [InlineData(1, -0.9f, 0)]
    [InlineData(-0.8f, 0.85f, 0)]
    [InlineData(1, -1, 0.2f)]
    [InlineData(0, 1, 0)]
    public void Mono_WhateverThePhaseOfTheChannels_KeepsTheMelody(float left, float right, float offset)
    {
        var sum = new StereoSum();
        sum.Add(Voice.SelectMany(sample => new[] { (left * sample) + offset, (right * sample) + offset }).ToArray());

        Assert.Equal(Notes.Select(note => note.Pitch),
            Transcriber.Transcribe(sum.Mono(), CancellationToken.None).Notes.Select(note => note.Pitch));
    }

    [Fact]
    public void Mono_WhenTheChannelsAgree_IsTheirMean()
    {
        var sum = new StereoSum();
        sum.Add([0.2f, 0.4f, -0.6f, -0.2f, 0.1f, 0.1f]);

        Assert.Equal([0.3f, -0.4f, 0.1f], sum.Mono());
        Assert.Equal(3, sum.Frames);
    }

    [Fact]
    public void Mono_WhenNothingWasAdded_IsEmpty() => Assert.Empty(new StereoSum().Mono());
}
