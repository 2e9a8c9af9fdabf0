using Son1kVers3.Studio;
using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Planning;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: studio <prompt> <out.mid> [seconds] [seed]");
    return 2;
}

var plan = Planner.Read(new StudioRequest
{
    Prompt = args[0],
    DurationSeconds = args.Length > 2 ? int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture) : 60,
    Seed = args.Length > 3 ? int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture) : 1,
});
await File.WriteAllBytesAsync(args[1], MidiFile.Write(Composer.Compose(plan)));
Console.WriteLine($"{plan.Genre}, {plan.Key}, {plan.Tempo} bpm: {string.Join(", ", plan.Form.Select(section => $"{section.Section} {section.Bars}"))}");
return 0;
