using System.Buffers.Binary;

namespace Son1kVers3.Studio.Tests.Midi;

internal sealed record MidiTrack(
    string Name, IReadOnlyList<(int Tick, byte Status, int A, int B)> Events, IReadOnlyList<(int Tick, byte Kind, byte[] Data)> Metas);

/// <summary>Reads format 1 files back, strictly.</summary>
internal static class MidiReader
{
    public static (int Division, IReadOnlyList<MidiTrack> Tracks) Read(byte[] file)
    {
        Assert.Equal("MThd", System.Text.Encoding.ASCII.GetString(file, 0, 4));
        Assert.Equal(6, BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(4)));
        Assert.Equal(1, BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(8)));
        var count = BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(10));
        var tracks = new List<MidiTrack>();
        var at = 14;
        for (var i = 0; i < count; i++)
        {
            Assert.Equal("MTrk", System.Text.Encoding.ASCII.GetString(file, at, 4));
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at + 4));
            tracks.Add(Track(file.AsSpan(at + 8, length)));
            at += 8 + length;
        }

        Assert.Equal(file.Length, at);
        return (BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(12)), tracks);
    }

    private static MidiTrack Track(ReadOnlySpan<byte> data)
    {
        var events = new List<(int, byte, int, int)>();
        var metas = new List<(int Tick, byte Kind, byte[] Data)>();
        var at = 0;
        var tick = 0;
        while (at < data.Length)
        {
            tick += Variable(data, ref at);
            var status = data[at++];
            if (status == 0xFF)
            {
                var kind = data[at++];
                var length = Variable(data, ref at);
                metas.Add((tick, kind, data.Slice(at, length).ToArray()));
                at += length;
                continue;
            }

            Assert.InRange(status, 0x80, 0xEF);
            var two = (status & 0xF0) is not (0xC0 or 0xD0);
            events.Add((tick, status, data[at], two ? data[at + 1] : 0));
            Assert.True(data[at] < 128 && (!two || data[at + 1] < 128));
            at += two ? 2 : 1;
        }

        Assert.Equal(0x2F, metas[^1].Kind);
        var name = metas.FirstOrDefault(meta => meta.Kind == 3).Data;
        return new MidiTrack(System.Text.Encoding.UTF8.GetString(name ?? []), events, metas);
    }

    private static int Variable(ReadOnlySpan<byte> data, ref int at)
    {
        var value = 0;
        byte next;
        do
        {
            next = data[at++];
            value = (value << 7) | (next & 0x7F);
        }
        while ((next & 0x80) != 0);
        return value;
    }
}
