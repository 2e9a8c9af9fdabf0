using Son1kVers3.Load;

// Services hosted in this process find their content through a file in the working folder.
Directory.SetCurrentDirectory(AppContext.BaseDirectory);

// A command a file; each prints its table and ends.
var commands = new Dictionary<string, Func<string[], Task>>
{
    ["listen"] = ListenCommand.RunAsync,
    ["lives"] = LivesLoad.RunAsync,
    ["platform"] = PlatformLoad.RunAsync,
    ["reservations"] = ReservationsLoad.RunAsync,
    ["vibrato"] = VibratoCommand.RunAsync,
};

if (args is [var name, .. var rest] && commands.TryGetValue(name, out var command))
{
    await command(rest);
    return Environment.ExitCode;
}

Console.Error.WriteLine($"usage: dotnet run -c Release --project tests/Load -- {string.Join('|', commands.Keys)} [arguments]");
return 1;
