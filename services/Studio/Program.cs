using System.Globalization;
using Son1kVers3.Studio;
using Son1kVers3.Studio.Command;

if (args.Length < 2 || args[0] is "-h" or "--help")
{
    Console.Error.WriteLine("usage: studio <prompt> <out.mp3|.opus|.flac|.wav|.mid|.musicxml> [seconds] [seed] [standard|high|ultra]");
    return 2;
}

var request = new StudioRequest
{
    Prompt = args[0],
    DurationSeconds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 60,
    LengthFromPrompt = args.Length <= 2,
    Seed = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 1,
};
var quality = args.Length > 4 ? Enum.Parse<StudioQuality>(args[4], ignoreCase: true) : StudioQuality.High;
return await StudioCommand.RunAsync(request, args[1], quality, CancellationToken.None);
