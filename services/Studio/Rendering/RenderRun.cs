using Son1kVers3.Studio.Mastering;
using Son1kVers3.Studio.Mixing;
using Son1kVers3.Studio.Performing;
using Son1kVers3.Studio.Programs;
using Son1kVers3.Studio.Scores;
using Son1kVers3.Studio.Singing;

namespace Son1kVers3.Studio.Rendering;

/// <summary>One render from score to files.</summary>
internal sealed class RenderRun
{
    private const int BlockFrames = Performance.BlockFrames;

    /// <summary>Share of the rendering percentage that synthesis takes; the mix takes the rest.</summary>
    private const int SynthesisPercent = 70;

    private readonly StudioTools tools;
    private readonly MasterWriter writer;
    private readonly RenderOptions options;
    private readonly RenderFiles files;
    private readonly ProgressReporter progress;
    private readonly CancellationToken ct;
    private readonly Performance performance;
    private readonly PartMeter[] meters;
    private readonly int blocks;
    private readonly int voicePart;
    private readonly Singer? singer;
    private Task<string?> preview = Task.FromResult<string?>(null);

    public RenderRun(
        StudioTools tools, Ffmpeg ffmpeg, Score score, RenderOptions options, RenderFiles files, IProgress<RenderProgress>? progress,
            CancellationToken ct)
    {
        this.tools = tools;
        this.options = options;
        this.files = files;
        this.ct = ct;
        this.progress = new ProgressReporter(progress);
        writer = new MasterWriter(ffmpeg);
        performance = new Performance(score, options.DurationSeconds);
        voicePart = FindVoice(score);
        // Without the singer's program the voice part's instrument plays the melody.
        singer = voicePart >= 0 && tools.EspeakNg is not null
            ? new Singer(tools.EspeakNg, performance, score.Parts[voicePart], options.Voice) : null;
        meters = [.. score.Parts.Select(_ => new PartMeter())];
        blocks = (int)((performance.Frames + BlockFrames - 1) / BlockFrames);
    }

    public async Task<RenderResult> ExecuteAsync()
    {
        using var store = new StemStore(files.Temporary("parts"), performance.Score.Parts.Count);
        try
        {
            await SynthesizeAsync(store);
            var (octaves, stemPaths) = Mix(store);
            var masterPath = files.Result("master.flac");
            var measure = await MasterAsync(octaves, masterPath);
            var stems = await WriteStemsAsync(stemPaths);
            var previewPath = await preview;
            var mixPath = KeepMix();
            files.Complete();
            var duration = performance.Frames / (double)Performance.SampleRate;
            return new RenderResult(
                masterPath, measure.Lufs, measure.TruePeakDbtp, duration, performance.StartOffset, stems, previewPath, mixPath,
                    performance.Words());
        }
        finally
        {
            // It works on the files that go away now. Its error was thrown above, or another one is on its way.
            await preview.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>Fills the store. The preview is made beside the rest as soon as its seconds are there.</summary>
    private async Task SynthesizeAsync(StemStore store)
    {
        using var synth = new SynthPair(tools, options.Quality, performance);
        var buffers = Enumerable.Range(0, performance.Score.Parts.Count * 2).Select(_ => new float[BlockFrames]).ToArray();
        var previewBlocks = Math.Min(blocks, (int)Math.Ceiling(options.PreviewSeconds * Performance.SampleRate / BlockFrames));
        for (var block = 0; block < blocks; block++)
        {
            ct.ThrowIfCancellationRequested();
            synth.Render(buffers, BlockFrames);
            if (singer is not null)
            {
                await singer.ReadAsync((long)block * BlockFrames, buffers[voicePart * 2], buffers[voicePart * 2 + 1], ct);
            }

            store.Append(buffers);
            for (var part = 0; part < meters.Length; part++)
            {
                meters[part].Add(buffers[part * 2], buffers[part * 2 + 1]);
            }

            progress.Report(RenderStage.Rendering, (block + 1.0) / blocks * SynthesisPercent);
            if (block + 1 == previewBlocks)
            {
                var levels = MeasuredLevels();
                preview = Task.Run(() => PreviewAsync(store, levels, previewBlocks), ct);
            }
        }
    }

    private static int FindVoice(Score score)
    {
        var voice = score.Parts.ToList().FindIndex(part => part.Role == PartRole.Voice);
        return score.Lyrics.Count == 0 ? -1 : voice;
    }

    private PartLevel[] MeasuredLevels() => [.. meters.Select(meter => meter.Level)];

    private async Task<string?> PreviewAsync(StemStore store, PartLevel[] levels, int previewBlocks)
    {
        var mixer = new Mixer(performance, store, levels, options.Mix, options.Character, stems: false);
        var octaves = new OctaveMeter();
        var wavPath = files.Temporary("preview.wav");
        using (var mix = FloatWav.Create(files.Temporary("preview-mix.wav")))
        using (var toned = FloatWav.Create(files.Temporary("preview-toned.wav")))
        using (var wav = FloatWav.Create(wavPath))
        {
            var frames = Math.Min(performance.Frames, (long)(options.PreviewSeconds * Performance.SampleRate));
            WriteMix(mixer, mix, octaves, previewBlocks, frames);
            MasterChain.Apply(toned, Balance(mix, octaves, toned), wav, _ => { }, ct, maximumPasses: 1);
        }

        var path = files.Result("preview.mp3");
        await writer.WritePreviewAsync(wavPath, path, ct);
        progress.ReportPreview(path);
        return path;
    }

    private void WriteMix(Mixer mixer, FloatWav mix, OctaveMeter octaves, int count, long frames)
    {
        for (var block = 0; block < count; block++)
        {
            ct.ThrowIfCancellationRequested();
            mixer.Next();
            var length = (int)Math.Min(BlockFrames, frames - (long)block * BlockFrames);
            octaves.Add(mixer.MixLeft.AsSpan(0, length), mixer.MixRight.AsSpan(0, length));
            mix.Write(mixer.MixLeft.AsSpan(0, length), mixer.MixRight.AsSpan(0, length));
        }
    }

    private (OctaveMeter Octaves, IReadOnlyList<string> Stems) Mix(StemStore store)
    {
        var mixer = new Mixer(performance, store, MeasuredLevels(), options.Mix, options.Character, options.Stems);
        var octaves = new OctaveMeter();
        var stemPaths = options.Stems ? performance.Score.Parts.Select((_, i) => files.Temporary($"stem-{i}.wav")).ToList() : [];
        using var mix = FloatWav.Create(files.Temporary("mix.wav"));
        var stems = new List<FloatWav>();
        try
        {
            stems.AddRange(stemPaths.Select(FloatWav.Create));
            for (var block = 0; block < blocks; block++)
            {
                ct.ThrowIfCancellationRequested();
                mixer.Next();
                var length = (int)Math.Min(BlockFrames, performance.Frames - (long)block * BlockFrames);
                octaves.Add(mixer.MixLeft.AsSpan(0, length), mixer.MixRight.AsSpan(0, length));
                mix.Write(mixer.MixLeft.AsSpan(0, length), mixer.MixRight.AsSpan(0, length));
                for (var i = 0; i < stems.Count; i++)
                {
                    var (left, right) = mixer.Stem(i);
                    stems[i].Write(left.AsSpan(0, length), right.AsSpan(0, length));
                }

                progress.Report(RenderStage.Rendering, SynthesisPercent + (block + 1.0) / blocks * (100 - SynthesisPercent));
            }
        }
        finally
        {
            stems.ForEach(stem => stem.Dispose());
        }

        return (octaves, stemPaths);
    }

    private async Task<MasterMeasure> MasterAsync(OctaveMeter octaves, string masterPath)
    {
        using var mix = FloatWav.Open(files.Temporary("mix.wav"));
        using var toned = FloatWav.Create(files.Temporary("toned.wav"));
        using var master = FloatWav.Create(files.Temporary("master.wav"));
        var lufs = Balance(mix, octaves, toned);
        var measure = MasterChain.Apply(toned, lufs, master, percent => progress.Report(RenderStage.Mastering, percent * 0.9), ct);
        await writer.WriteFlacAsync(master, masterPath, options.Quality == StudioQuality.Ultra ? 24 : 16, ct);
        progress.Report(RenderStage.Mastering, options.Stems ? 95 : 100);
        return measure;
    }

    /// <summary>Writes the mix in its tone balance; returns its loudness.</summary>
    private double Balance(FloatWav mix, OctaveMeter octaves, FloatWav toned)
    {
        var balance = new ToneBalance(octaves.Levels, options.Character);
        var meter = new IntegratedLoudness();
        var (left, right) = (new float[BlockFrames], new float[BlockFrames]);
        mix.Rewind();
        int count;
        while ((count = mix.Read(left, right)) > 0)
        {
            ct.ThrowIfCancellationRequested();
            var l = left.AsSpan(0, count);
            var r = right.AsSpan(0, count);
            balance.Process(l, r);
            meter.Add(l, r);
            toned.Write(l, r);
        }

        return meter.Integrated();
    }

    private async Task<IReadOnlyList<RenderedStem>> WriteStemsAsync(IReadOnlyList<string> paths)
    {
        var stems = new List<RenderedStem>();
        for (var i = 0; i < paths.Count; i++)
        {
            var name = performance.Score.Parts[i].Name;
            var path = files.Result(Path.Combine("stems", $"{i + 1:00} {FileName(name)}.flac"));
            await writer.WriteStemAsync(paths[i], path, ct);
            File.Delete(paths[i]);
            stems.Add(new RenderedStem(name, path));
            progress.Report(RenderStage.Mastering, 95 + 5.0 * (i + 1) / paths.Count);
        }

        return stems;
    }

    private string? KeepMix()
    {
        if (!options.KeepMix)
        {
            return null;
        }

        var path = files.Result("mix.wav");
        File.Move(files.Temporary("mix.wav"), path);
        return path;
    }

    private static string FileName(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' ? c : '_'));
}
