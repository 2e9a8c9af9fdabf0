using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Generation.VoiceMemos;

/// <summary>A memo as a MIDI file, to hear what was understood.</summary>
internal static class MemoMidi
{
    private const int Velocity = 90;
    private const int UsualTempo = 100;

    public static byte[] Write(VoiceMemo memo)
    {
        var tempo = memo.Tempo is >= 40 and <= 240 ? memo.Tempo : UsualTempo;
        var ticksPerSecond = tempo / 60 * Score.TicksPerQuarter;
        var notes = memo.Notes.Select(
            n => new Note((int)(n.StartSeconds * ticksPerSecond), Math.Max(1, (int)(n.DurationSeconds * ticksPerSecond)),
            Math.Clamp(n.Pitch, 0, 127), Velocity)).ToList();
        var voice = new Part("Melody", PartRole.Lead, 0, 0, 0, 0, 0, notes, []);
        Key.TryParse(memo.Key, out var key);
        return MidiFile.Write(new Score("Voice memo", key, new TimeSignature(4, 4), [new TempoMark(0, tempo)], [], [voice], []));
    }
}
