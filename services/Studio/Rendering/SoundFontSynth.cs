using System.Runtime.InteropServices;
using Son1kVers3.Studio.Performing;
using Son1kVers3.Studio.Programs;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Rendering;

/// <summary>Plays some parts of a performance through libfluidsynth, every part on outputs of its own, dry.</summary>
/// <remarks>
/// One synthesiser per song: a fresh one in float is bit-identical from run to run, a reused one is not. The library's own reverb and
/// chorus stay off, because a part's level is only known after it was heard, and effects have to follow that level.
/// </remarks>
internal sealed unsafe class SoundFontSynth : IDisposable
{
    /// <summary>The library mixes in blocks of 64 frames; events take effect at their borders (1.5 ms).</summary>
    private const int Block = 64;

    private const int DrumChannel = 1;
    private const int PanController = 10;

    private readonly int[] parts;
    private readonly PerformanceEvent[] events;
    private nint settings;
    private nint synth;
    private int nextEvent;
    private long position;

    /// <param name="parts">Indexes of the parts to play.</param>
    public SoundFontSynth(StudioTools tools, StudioQuality quality, Performance performance, IReadOnlyList<int> parts)
    {
        FluidSynthNative.Use(tools.FluidSynthLibrary);
        this.parts = [.. parts];
        events = [.. performance.Events.Where(item => parts.Contains(item.Part))
            .Select(item => item with { Part = (byte)Array.IndexOf(this.parts, item.Part) })];
        settings = CreateSettings(this.parts.Length);
        synth = FluidSynthNative.NewSynth(settings);
        var soundFont = synth == 0 ? -1 : FluidSynthNative.LoadSoundFont(synth, tools.SoundFontFor(quality), 0);
        if (soundFont < 0)
        {
            Dispose();
            throw new InvalidOperationException($"The synthesiser could not load {Path.GetFileName(tools.SoundFontFor(quality))}.");
        }

        FluidSynthNative.SetInterpolation(synth, -1, quality == StudioQuality.Ultra ? 7 : 4);
        for (var channel = 0; channel < this.parts.Length; channel++)
        {
            SelectInstrument(channel, soundFont, performance.Score.Parts[this.parts[channel]]);
        }
    }

    /// <summary>
    /// Renders the next frames, a multiple of 64. <paramref name="buffers"/>: left and right of every part of the score; those of our parts
    /// are written.
    /// </summary>
    public void Render(float[][] buffers, int frames)
    {
        var outputs = parts.Length * 2;
        var pinned = stackalloc float*[outputs];
        var handles = new GCHandle[outputs];
        try
        {
            for (var i = 0; i < outputs; i++)
            {
                var buffer = buffers[parts[i / 2] * 2 + i % 2];
                Array.Clear(buffer, 0, frames);
                handles[i] = GCHandle.Alloc(buffer, GCHandleType.Pinned);
                pinned[i] = (float*)handles[i].AddrOfPinnedObject();
            }

            Process(pinned, outputs, frames);
        }
        finally
        {
            foreach (var handle in handles.Where(handle => handle.IsAllocated))
            {
                handle.Free();
            }
        }
    }

    public void Dispose()
    {
        if (synth != 0)
        {
            FluidSynthNative.DeleteSynth(synth);
            synth = 0;
        }

        if (settings != 0)
        {
            FluidSynthNative.DeleteSettings(settings);
            settings = 0;
        }
    }

    private static nint CreateSettings(int parts)
    {
        var settings = FluidSynthNative.NewSettings();
        FluidSynthNative.SetNum(settings, "synth.sample-rate", Performance.SampleRate);
        FluidSynthNative.SetNum(settings, "synth.gain", 0.6);
        FluidSynthNative.SetInt(settings, "synth.midi-channels", (parts + 15) / 16 * 16);
        FluidSynthNative.SetInt(settings, "synth.audio-channels", parts);
        FluidSynthNative.SetInt(settings, "synth.audio-groups", parts);
        FluidSynthNative.SetInt(settings, "synth.polyphony", 512);
        FluidSynthNative.SetInt(settings, "synth.reverb.active", 0);
        FluidSynthNative.SetInt(settings, "synth.chorus.active", 0);
        FluidSynthNative.SetInt(settings, "synth.lock-memory", 0);
        FluidSynthNative.SetInt(settings, "synth.dynamic-sample-loading", 1);
        return settings;
    }

    private void SelectInstrument(int channel, int soundFont, Part part)
    {
        FluidSynthNative.SetChannelType(synth, channel, part.IsDrums ? DrumChannel : 0);
        // Not every SoundFont has every variation bank or kit: the basic one always exists.
        if (FluidSynthNative.ProgramSelect(synth, channel, soundFont, part.Bank, part.Program) != 0
            && FluidSynthNative.ProgramSelect(synth, channel, soundFont, part.IsDrums ? 128 : 0, part.IsDrums ? 0 : part.Program) != 0)
        {
            throw new InvalidOperationException(
                $"The SoundFont has no instrument for '{part.Name}' (bank {part.Bank}, program {part.Program}).");
        }
    }

    private void Process(float** buffers, int outputs, int frames)
    {
        var shifted = stackalloc float*[outputs];
        var done = 0;
        while (done < frames)
        {
            SendDueEvents();
            var length = Math.Min(frames - done, FramesToNextEvent());
            for (var i = 0; i < outputs; i++)
            {
                shifted[i] = buffers[i] + done;
            }

            if (FluidSynthNative.Process(synth, length, 0, null, outputs, shifted) != 0)
            {
                throw new InvalidOperationException("The synthesiser failed while rendering.");
            }

            done += length;
            position += length;
        }
    }

    private int FramesToNextEvent()
    {
        if (nextEvent >= events.Length)
        {
            return int.MaxValue;
        }

        var blocks = Math.Max(1, (events[nextEvent].Frame - position) / Block);
        return (int)Math.Min(blocks * Block, 1 << 20);
    }

    private void SendDueEvents()
    {
        // An event belongs to the block that it falls into.
        for (; nextEvent < events.Length && events[nextEvent].Frame < position + Block; nextEvent++)
        {
            var item = events[nextEvent];
            switch (item.Kind)
            {
                case PerformanceEventKind.NoteOn:
                    FluidSynthNative.NoteOn(synth, item.Part, item.Key, item.Value);
                    break;
                case PerformanceEventKind.NoteOff:
                    FluidSynthNative.NoteOff(synth, item.Part, item.Key);
                    break;
                case PerformanceEventKind.Control when item.Key == -1:
                    FluidSynthNative.PitchBend(synth, item.Part, item.Value);
                    break;
                case PerformanceEventKind.Control when item.Key != PanController:
                    FluidSynthNative.ControlChange(synth, item.Part, item.Key, item.Value);
                    break;
            }
        }
    }
}
