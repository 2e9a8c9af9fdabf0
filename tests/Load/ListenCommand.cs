using System.Diagnostics;
using System.Globalization;
using Son1kVers3.Studio;
using Son1kVers3.Studio.Analysis;
using Son1kVers3.Studio.Command;
using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Rendering;

namespace Son1kVers3.Load;

/// <summary>
/// Renders forty prompts with three seeds each and judges what a machine can judge: a line a track, then how many hold.
/// <c>listen [seconds=45] [seeds=3] [folder]</c>; with a folder, masters, waveforms and spectrograms of six tracks are left there.
/// </summary>
internal static class ListenCommand
{
    private const int Pictured = 6;

    public static async Task RunAsync(string[] args)
    {
        var seconds = args is [var first, ..] ? int.Parse(first, CultureInfo.InvariantCulture) : 45;
        var seeds = args is [_, var second, ..] ? int.Parse(second, CultureInfo.InvariantCulture) : 3;
        var folder = args is [_, _, var third, ..] ? Directory.CreateDirectory(third).FullName : null;
        var tools = StudioTools.Find().Tools ?? throw new InvalidOperationException(StudioTools.Find().Explanation);
        Console.WriteLine($"{"prompt",-58} seed genre           LUFS   dBTP      s   gap  bpm→found    key→found                 chorus   ×real");
        var heard = new List<Heard>();
        foreach (var (index, prompt) in Prompts.All.Index())
        {
            var prints = new List<Fingerprint>();
            for (var seed = 1; seed <= seeds; seed++)
            {
                var track = await HearAsync(tools, prompt, seed, seconds, index < Pictured && seed == 1 ? folder : null, index);
                Console.WriteLine(track.Line());
                heard.Add(track);
                prints.Add(track.Print);
            }

            heard[^1] = heard[^1] with { Likeness = Pairs(prints).Select(p => p.First.SimilarityTo(p.Second)).DefaultIfEmpty(0).Max() };
        }

        Summarise(heard, seconds);
        await CompareWithBareSynthAsync(tools, seconds);
    }

    private static async Task<Heard> HearAsync(StudioTools tools, string prompt, int seed, int seconds, string? keep, int index)
    {
        var work = Directory.CreateTempSubdirectory("listen-");
        try
        {
            var plan = Planner.Read(new StudioRequest { Prompt = prompt, DurationSeconds = seconds, Seed = seed });
            var score = Composer.Compose(plan);
            var begun = Stopwatch.GetTimestamp();
            var result = await new Renderer(tools).RenderAsync(score, plan.RenderOptions(StudioQuality.High, work.FullName) with { PreviewSeconds = 0 }, null, default);
            var speed = result.DurationSeconds / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var measures = await new Listener(tools).MeasureAsync(result.MasterPath, new TrackExpectation(score, plan.Tempo, result.StartOffsetSeconds), default);
            var print = await new Fingerprinter(tools).TakeAsync(result.MasterPath, default);
            if (keep is not null)
                await PictureAsync(result.MasterPath, Path.Combine(keep, $"{index + 1:00}-{plan.Genre}"));
            return new Heard(prompt, seed, seconds, plan, measures, speed, print);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task PictureAsync(string master, string name)
    {
        var extension = Path.GetExtension(master);
        File.Copy(master, name + extension, overwrite: true);
        await RunAsync("sox", name + extension, "-n", "spectrogram", "-x", "1200", "-o", name + "-spectrogram.png");
        await RunAsync("ffmpeg", "-v", "error", "-y", "-i", name + extension, "-filter_complex", "showwavespic=s=1200x300", "-frames:v", "1", name + "-waveform.png");
    }

    private static void Summarise(List<Heard> heard, int seconds)
    {
        void Say(string what, Func<Heard, bool> holds) => Console.WriteLine($"{what,-44} {heard.Count(holds),4} of {heard.Count}");
        Console.WriteLine();
        Say("-14 ±1 LUFS, ≤ -1 dBTP, nothing clipped", t => t.Measures.LoudnessHolds);
        Say("no gap over 3 s", t => t.Measures.LongestSilenceSeconds <= 3);
        Say($"{seconds} s ±2", t => Math.Abs(t.Measures.DurationSeconds - seconds) <= 2);
        Say("tempo found ±1.5% (or its octave)", t => t.Measures.TempoHolds);
        Say("key found, or its relative", t => t.Measures.KeyFits);
        Say("chorus louder and denser than verse", t => t.Measures.ContrastHolds);
        var likeness = heard.Where(t => t.Likeness is not null).ToList();
        Console.WriteLine($"{"seeds of one prompt alike less than 0.75",-44} {likeness.Count(t => t.Likeness < 0.75),4} of {likeness.Count} prompts");
        Console.WriteLine($"speed: median {heard.Select(t => t.Speed).Order().ElementAt(heard.Count / 2):0.0}× real time, composing to master, one track at a time");
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
            Console.WriteLine($"bare fluidsynth {bare.Elapsed.TotalSeconds:0.0} s, whole chain {whole.Elapsed.TotalSeconds:0.0} s: {bare.Elapsed / whole.Elapsed:0.00} of its speed");
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

    private static IEnumerable<(Fingerprint First, Fingerprint Second)> Pairs(List<Fingerprint> prints) =>
        from i in Enumerable.Range(0, prints.Count)
        from j in Enumerable.Range(i + 1, prints.Count - i - 1)
        select (prints[i], prints[j]);

    private sealed record Heard(string Prompt, int Seed, int Seconds, Plan Plan, TrackMeasures Measures, double Speed, Fingerprint Print, double? Likeness = null)
    {
        public string Line() => string.Create(
            CultureInfo.InvariantCulture,
            $"{(Prompt.Length > 58 ? Prompt[..57] + "…" : Prompt),-58} {Seed,4} {Plan.Genre,-14} {Measures.IntegratedLufs,5:0.0} {Measures.TruePeakDbtp,6:0.0} {Measures.DurationSeconds,6:0.0} {Measures.LongestSilenceSeconds,5:0.0}  {Plan.Tempo,3:0}→{Measures.TempoFound,-6:0.0}{Flag(Measures.TempoHolds)}  {Plan.Key,-9}→{Measures.KeyFound.Name,-9}{Flag(Measures.KeyFits)} {Measures.ChorusGainLu,6:+0.0;-0.0} {Measures.ChorusDensityRatio,5:0.00} {Speed,5:0.0}");

        private static string Flag(bool holds) => holds ? " " : "!";
    }
}
