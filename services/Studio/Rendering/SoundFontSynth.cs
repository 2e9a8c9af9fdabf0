using System.Runtime.InteropServices;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Rendering;

/// <summary>Plays a performance through libfluidsynth, every part on outputs of its own, dry.</summary>
/// <remarks>
/// One synthesiser per song: a fresh one in float is bit-identical from run to run, a reused one is not. The library's own reverb and chorus stay off,
/// because a part's level is only known after it was heard, and effects have to follow that level.
/// </remarks>
internal sealed unsafe class SoundFontSynth : IDisposable
{
    /// <summary>The library mixes in blocks of 64 frames; events take effect at their borders (1.5 ms).</summary>
    private const int Block = 64;

    private const int DrumChannel = 1;
    private const int PanController = 10;

    private readonly Performance performance;
    private readonly int partCount;
    private nint settings;
    private nint synth;
    private int nextEvent;
    private long position;

    public SoundFontSynth(StudioTools tools, StudioQuality quality, Performance performance)
    {
        FluidSynthNative.Use(tools.FluidSynthLibrary);
        this.performance = performance;
        partCount = performance.Score.Parts.Count;
        settings = CreateSettings(partCount);
        synth = FluidSynthNative.NewSynth(settings);
        var soundFont = synth == 0 ? -1 : FluidSynthNative.LoadSoundFont(synth, tools.SoundFontFor(quality), 0);
        if (soundFont < 0)
        {
            Dispose();
            throw new InvalidOperationException($"The synthesiser could not load {Path.GetFileName(tools.SoundFontFor(quality))}.");
        }

        FluidSynthNative.SetInterpolation(synth, -1, quality == StudioQuality.Ultra ? 7 : 4);
        for (var channel = 0; channel < partCount; channel++)
        {
            SelectInstrument(channel, soundFont, performance.Score.Parts[channel]);
        }
    }

    /// <summary>Renders the next frames, a multiple of 64. <paramref name="buffers"/>: left and right of each part, cleared by this call.</summary>
    public void Render(float[][] buffers, int frames)
    {
        var outputs = partCount * 2;
        var pinned = stackalloc float*[outputs];
        var handles = new GCHandle[outputs];
        try
        {
            for (var i = 0; i < outputs; i++)
            {
                Array.Clear(buffers[i], 0, frames);
                handles[i] = GCHandle.Alloc(buffers[i], GCHandleType.Pinned);
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
            throw new InvalidOperationException($"The SoundFont has no instrument for '{part.Name}' (bank {part.Bank}, program {part.Program}).");
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
        if (nextEvent >= performance.Events.Count)
        {
            return int.MaxValue;
        }

        var blocks = Math.Max(1, (performance.Events[nextEvent].Frame - position) / Block);
        return (int)Math.Min(blocks * Block, 1 << 20);
    }

    private void SendDueEvents()
    {
        // An event belongs to the block that it falls into.
        for (; nextEvent < performance.Events.Count && performance.Events[nextEvent].Frame < position + Block; nextEvent++)
        {
            var item = performance.Events[nextEvent];
            switch (item.Kind)
            {
                case PerformanceEventKind.NoteOn:
                    FluidSynthNative.NoteOn(synth, item.Channel, item.Key, item.Value);
                    break;
                case PerformanceEventKind.NoteOff:
                    FluidSynthNative.NoteOff(synth, item.Channel, item.Key);
                    break;
                case PerformanceEventKind.Control when item.Key == -1:
                    FluidSynthNative.PitchBend(synth, item.Channel, item.Value);
                    break;
                case PerformanceEventKind.Control when item.Key != PanController:
                    FluidSynthNative.ControlChange(synth, item.Channel, item.Key, item.Value);
                    break;
            }
        }
    }
}
