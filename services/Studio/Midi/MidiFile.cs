using System.Buffers.Binary;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Midi;

/// <summary>Standard MIDI files, format 1 (RP-001): a conductor track, then a track for each part.</summary>
public static class MidiFile
{
    /// <summary>The channel of drum kits, counted from 0.</summary>
    public const int DrumChannel = 9;

    private static readonly int[] ReleaseFirst = [0x80, 0x90];

    /// <summary>
    /// The bytes of a .mid file: tempo map, meter, key, section markers, track names, lyrics, programs, controls and notes.
    /// </summary>
    public static byte[] Write(Score score)
    {
        using var file = new MemoryStream();
        file.Write("MThd"u8);
        WriteUInt32(file, 6);
        WriteUInt16(file, 1);
        WriteUInt16(file, score.Parts.Count + 1);
        WriteUInt16(file, Score.TicksPerQuarter);
        WriteTrack(file, Conductor(score));
        var channels = Channels(score.Parts);
        var kit = KitOf(score.Parts);
        for (var i = 0; i < score.Parts.Count; i++)
        {
            WriteTrack(file, Track(score, score.Parts[i], channels[i], setsUp: !score.Parts[i].IsDrums || score.Parts[i] == kit));
        }

        return file.ToArray();
    }

    /// <summary>The MIDI channel (0–15) of each part: drum kits on <see cref="DrumChannel"/>, the others on the rest in order.</summary>
    public static IReadOnlyList<int> Channels(IReadOnlyList<Part> parts)
    {
        var next = 0;
        var channels = new int[parts.Count];
        for (var i = 0; i < parts.Count; i++)
        {
            channels[i] = parts[i].IsDrums ? DrumChannel : next % 16;
            next += parts[i].IsDrums ? 0 : next % 16 == DrumChannel - 1 ? 2 : 1;
        }

        return channels;
    }

    /// <summary>
    /// The part whose kit, place and room the percussion channel has: a channel is one instrument, whoever else plays on it.
    /// </summary>
    private static Part? KitOf(IReadOnlyList<Part> parts) =>
        parts.FirstOrDefault(part => part.Role == PartRole.Drums) ?? parts.FirstOrDefault(part => part.IsDrums);

    private static List<(int Tick, byte[] Data)> Conductor(Score score)
    {
        var events = new List<(int Tick, byte[] Data)>
        {
            (0, Text(0x03, score.Title.Length > 0 ? score.Title : "Son1kVers3")),
            (0, [0xFF, 0x58, 4, (byte)score.TimeSignature.Numerator, (byte)int.Log2(score.TimeSignature.Denominator),
            ClocksPerClick(score), 8]),
            (0, KeySignature(score.Key)),
        };
        var key = score.Key;
        foreach (var mark in score.Harmony.Where(mark => mark.Key != key))
        {
            events.Add((mark.Tick, KeySignature(mark.Key)));
            key = mark.Key;
        }

        foreach (var mark in score.Tempos)
        {
            var micros = (int)Math.Floor((60_000_000 / mark.BeatsPerMinute) + 0.5);
            events.Add((mark.Tick, [0xFF, 0x51, 3, (byte)(micros >> 16), (byte)(micros >> 8), (byte)micros]));
        }

        foreach (var section in score.Sections)
        {
            events.Add((section.StartBar * score.TicksPerBar, Text(0x06, section.Name)));
        }

        return events;
    }

    // MIDI clocks, 24 to the quarter, between clicks: dotted quarters in compound time, eighths where a bar has half a quarter.
    private static byte ClocksPerClick(Score score) =>
        score.TimeSignature.IsCompound ? (byte)36 : score.TimeSignature.StepsPerBar % 4 == 0 ? (byte)24 : (byte)12;

    private static byte[] KeySignature(Key key) => [0xFF, 0x59, 2, (byte)(sbyte)key.Fifths, (byte)(key.Minor ? 1 : 0)];

    private static List<(int Tick, byte[] Data)> Track(Score score, Part part, int channel, bool setsUp)
    {
        var events = new List<(int Tick, byte[] Data)> { (0, Text(0x03, part.Name)) };
        if (setsUp)
        {
            events.AddRange(SetUp(part, channel));
        }

        if (part.Role == PartRole.Voice)
        {
            events.AddRange(
                score.Lyrics.Select(syllable => (syllable.Tick, Text(0x05, syllable.EndsWord ? syllable.Text + " " : syllable.Text))));
        }

        foreach (var control in part.Controls)
        {
            events.Add((control.Tick, control.Number < 0
                ? [(byte)(0xE0 | channel), (byte)(control.Value & 0x7F), (byte)(control.Value >> 7)]
                : [(byte)(0xB0 | channel), (byte)control.Number, (byte)control.Value]));
        }

        foreach (var note in part.Notes)
        {
            events.Add((note.Tick, [(byte)(0x90 | channel), (byte)note.Pitch, (byte)note.Velocity]));
            events.Add((note.Tick + note.Duration, [(byte)(0x80 | channel), (byte)note.Pitch, 64]));
        }

        return events;
    }

    private static IEnumerable<(int Tick, byte[] Data)> SetUp(Part part, int channel)
    {
        if (!part.IsDrums)
        {
            yield return (0, [(byte)(0xB0 | channel), 0, (byte)part.Bank]);
        }

        yield return (0, [(byte)(0xC0 | channel), (byte)part.Program]);
        yield return (0, [(byte)(0xB0 | channel), 10, (byte)Math.Clamp((int)Math.Floor(64.5 + (part.Pan * 63)), 0, 127)]);
        yield return (0, [(byte)(0xB0 | channel), 91, (byte)Math.Clamp((int)(part.Reverb * 127), 0, 127)]);
    }

    private static void WriteTrack(MemoryStream file, List<(int Tick, byte[] Data)> events)
    {
        using var track = new MemoryStream();
        var tick = 0;

        // At one tick notes end before others start; LINQ's ordering is stable, so the rest keeps its order.
        var ordered = events.OrderBy(e => e.Tick).ThenBy(
            e => e.Data[0] == 0xFF ? -1 : Array.IndexOf(ReleaseFirst, e.Data[0] & 0xF0) switch { 0 => 0, 1 => 2, _ => 1 });
        foreach (var (at, data) in ordered)
        {
            WriteVariable(track, at - tick);
            track.Write(data);
            tick = at;
        }

        track.Write([0, 0xFF, 0x2F, 0]);
        file.Write("MTrk"u8);
        WriteUInt32(file, (int)track.Length);
        track.WriteTo(file);
    }

    private static byte[] Text(byte kind, string text)
    {
        using var data = new MemoryStream();
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        data.Write([0xFF, kind]);
        WriteVariable(data, bytes.Length);
        data.Write(bytes);
        return data.ToArray();
    }

    private static void WriteVariable(MemoryStream stream, int value)
    {
        for (var shift = 21; shift > 0; shift -= 7)
        {
            if (value >> shift != 0)
            {
                stream.WriteByte((byte)(((value >> shift) & 0x7F) | 0x80));
            }
        }

        stream.WriteByte((byte)(value & 0x7F));
    }

    private static void WriteUInt32(MemoryStream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void WriteUInt16(MemoryStream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        stream.Write(bytes);
    }
}
