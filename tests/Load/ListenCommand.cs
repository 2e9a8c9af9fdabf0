using System.Diagnostics;
using System.Globalization;
using Son1kVers3.Studio;
using Son1kVers3.Studio.Command;
using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Programs;
using Son1kVers3.Studio.Rendering;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Load;

/// <summary>
/// Renders forty prompts with three seeds each and judges what a machine can judge: a Markdown table with a line a track, then how many hold.
/// <c>listen [seconds=45] [seeds=3] [folder [words]]</c>; with a folder, masters and pictures of six tracks are left there (sox draws the spectrograms);
/// with words, only prompts that hold them are taken.
/// </summary>
internal static class ListenCommand
{
    // Every seventh prompt is another corner of the list.
    private const int PictureEvery = 7;

    public static async Task RunAsync(string[] args)
    {
        var seconds = args is [var first, ..] ? int.Parse(first, CultureInfo.InvariantCulture) : 45;
        var seeds = args is [_, var second, ..] ? int.Parse(second, CultureInfo.InvariantCulture) : 3;
        var folder = args is [_, _, var third, ..] ? Directory.CreateDirectory(third).FullName : null;
        var words = args is [_, _, _, var fourth, ..] ? fourth : "";
        var tools = StudioTools.Find().Tools ?? throw new InvalidOperationException(StudioTools.Find().Explanation);
        Console.WriteLine(Heard.Head);
        var heard = new List<Heard>();
        foreach (var (index, prompt) in Prompts.All.Where(prompt => prompt.Contains(words, StringComparison.OrdinalIgnoreCase)).Index())
        {
            var before = heard.Count;
            for (var seed = 1; seed <= seeds; seed++)
            {
                var track = await HearAsync(tools, prompt, seed, seconds, index % PictureEvery == 0 && seed == 1 ? folder : null);
                var others = heard.Skip(before).Select(other => track.Print.SimilarityTo(other.Print));
                heard.Add(track with { Likeness = seed == 1 ? null : others.Max() });
                Console.WriteLine(heard[^1].Line());
            }
        }

        Summarise(heard, seconds);
        await CompareWithBareSynthAsync(tools, seconds);
    }

    private static async Task<Heard> HearAsync(StudioTools tools, string prompt, int seed, int seconds, string? keep)
    {
        var work = Directory.CreateTempSubdirectory("listen-");
        try
        {
            var plan = Planner.Read(new StudioRequest { Prompt = prompt, DurationSeconds = seconds, Seed = seed });
            var score = Composer.Compose(plan);
            var options = plan.RenderOptions(StudioQuality.High, Path.Combine(work.FullName, "track")) with { PreviewSeconds = 0 };
            var begun = Stopwatch.GetTimestamp();
            var result = await new Renderer(tools).RenderAsync(score, options, null, default);
            var speed = result.DurationSeconds / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var measures = await new Listener(tools).MeasureAsync(result.MasterPath, new TrackExpectation(score, plan.Tempo, result.StartOffsetSeconds), default);
            var side = (await new TrackAnalyser(tools).AnalyseAsync(result.MasterPath, [], default)).StereoWidth;
            var print = await new Fingerprinter(tools).TakeAsync(result.MasterPath, default);
            // Once a prompt: it takes another render.
            var stems = seed == 1 ? await StemErrorAsync(tools, score, options with { OutputDirectory = Path.Combine(work.FullName, "stems"), Stems = true, KeepMix = true }) : (double?)null;
            if (keep is not null)
                await PictureAsync(result.MasterPath, Path.Combine(keep, plan.Genre));
            return new Heard(prompt, seed, plan, measures, side, speed, print, stems);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>Power of what the stems lack to make up the mix before mastering, in dB of the mix.</summary>
    private static async Task<double> StemErrorAsync(StudioTools tools, Score score, RenderOptions options)
    {
        var result = await new Renderer(tools).RenderAsync(score, options, null, default);
        var reader = new AudioReader(tools);
        var left = await reader.ReadMonoAsync(result.MixPath!, 44100, 400, default);
        var energy = left.Sum(sample => (double)sample * sample);
        foreach (var stem in result.Stems)
        {
            var samples = await reader.ReadMonoAsync(stem.Path, 44100, 400, default);
            for (var i = 0; i < left.Length; i++)
                left[i] -= samples[i];
        }

        return 10 * Math.Log10(Math.Max(left.Sum(sample => (double)sample * sample) / energy, 1e-12));
    }

    /// <summary>The master, and a picture of it: waveform above, spectrogram below (0–22 kHz, 120 dB).</summary>
    private static async Task PictureAsync(string master, string name)
    {
        File.Copy(master, name + ".flac", overwrite: true);
        var spectrogram = Path.ChangeExtension(master, ".png");
        await RunAsync("sox", master, "-n", "remix", "1,2", "spectrogram", "-r", "-x", "800", "-y", "257", "-o", spectrogram);
        await RunAsync(
            "ffmpeg", "-v", "error", "-y", "-i", master, "-i", spectrogram, "-filter_complex",
            "[0:a]showwavespic=s=800x120:colors=0x1f9d8f|0x2dd4bf:scale=sqrt,format=rgb24[wave];[1:v]format=rgb24[spectrum];[wave][spectrum]vstack",
            "-frames:v", "1", "-q:v", "4", name + ".jpg");
    }

    private static void Summarise(List<Heard> heard, int seconds)
    {
        void Say(string what, Func<Heard, bool> holds, Func<Heard, bool>? counts = null)
        {
            var judged = heard.Where(counts ?? (_ => true)).ToList();
            Console.WriteLine($"- {what}: {judged.Count(holds)} of {judged.Count}");
        }

        Console.WriteLine();
        Say("-14 ±1 LUFS, ≤ -1 dBTP, nothing clipped", t => t.Measures.LoudnessHolds);
        Say("no gap over 3 s", t => t.Measures.LongestSilenceSeconds <= 3);
        Say($"{seconds} s ±2", t => Math.Abs(t.Measures.DurationSeconds - seconds) <= 2);
        Say("tempo found ±1.5% (or its octave)", t => t.Measures.TempoHolds);
        Say("key found, or its relative", t => t.Measures.KeyFits);
        Say("chorus louder and denser than verse", t => t.Measures.ContrastHolds);
        Say("side energy 5–35%", t => t.SideHolds);
        Say("less than 0.75 like another seed's", t => t.Likeness < 0.75, t => t.Likeness is not null);
        Say("stems sum to the mix, −60 dB or better", t => t.StemError <= -60, t => t.StemError is not null);
        Console.WriteLine($"- speed: median {heard.Select(t => t.Speed).Order().ElementAt(heard.Count / 2):0.0}× real time, composing to master, one track at a time");
    }

    /// <summary>The whole chain beside the bare synthesiser on the same notes: what mixing and mastering cost.</summary>
    private static async Task CompareWithBareSynthAsync(StudioTools tools, int seconds)
    {
        var work = Directory.CreateTempSubdirectory("listen-");
        try
        {
            var plan = Planner.Read(new StudioRequest { Prompt = Prompts.All[0], DurationSeconds = seconds, Seed = 1 });
            var score = Composer.Compose(plan);
            var midi = Path.Combine(work.FullName, "piece.mid");
            await File.WriteAllBytesAsync(midi, MidiFile.Write(score));
            var bare = Stopwatch.StartNew();
            await RunAsync("fluidsynth", "-ni", "-q", "-r", "44100", "-F", Path.Combine(work.FullName, "bare.wav"), tools.SoundFont, midi);
            bare.Stop();
            var whole = Stopwatch.StartNew();
            await new Renderer(tools).RenderAsync(score, plan.RenderOptions(StudioQuality.Standard, work.FullName) with { PreviewSeconds = 0 }, null, default);
            whole.Stop();
            Console.WriteLine($"- bare fluidsynth {bare.Elapsed.TotalSeconds:0.0} s, whole chain {whole.Elapsed.TotalSeconds:0.0} s: {bare.Elapsed / whole.Elapsed:0.00} of its speed");
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {(await output)[1]}");
    }
}
