using Son1kVers3.Load;
using Son1kVers3.Load.Platform;

// Services hosted in this process find their content through a file in the working folder.
Directory.SetCurrentDirectory(AppContext.BaseDirectory);

// A command a file; each prints its table and ends.
var commands = new Dictionary<string, Func<string[], Task>>
{
    ["accept"] = AcceptLoad.RunAsync,
    ["chaos"] = ChaosLoad.RunAsync,
    ["events"] = EventsLoad.RunAsync,
    ["failover"] = StealthFailover.RunAsync,
    ["gateway"] = GatewayLoad.RunAsync,
    ["listen"] = ListenCommand.RunAsync,
    ["lives"] = LivesLoad.RunAsync,
    ["login"] = LoginLoad.RunAsync,
    ["media"] = MediaLoad.RunAsync,
    ["members"] = MembersLoad.RunAsync,
    ["memory"] = MemoryLoad.RunAsync,
    ["mixed"] = MixedLoad.RunAsync,
    ["people"] = ProfilePeopleLoad.RunAsync,
    ["pool"] = PoolScaleLoad.RunAsync,
    ["reservations"] = ReservationsLoad.RunAsync,
    ["providers"] = FakeProvidersCommand.RunAsync,
    ["rotation"] = StealthRotation.RunAsync,
    ["search"] = SearchLoad.RunAsync,
    ["stealth"] = StealthLoad.RunAsync,
    ["track"] = TrackLoad.RunAsync,
    ["vibrato"] = VibratoCommand.RunAsync,
};

// What a command starts beside itself.
var hidden = new Dictionary<string, Func<string[], Task>> { ["backend"] = GatewayLoad.RunBackendAsync, ["bare-yarp"] = GatewayLoad.RunBareYarpAsync };

if (args is [var name, .. var rest] && (commands.TryGetValue(name, out var command) || hidden.TryGetValue(name, out command)))
{
    await command(rest);
    return Environment.ExitCode;
}

Console.Error.WriteLine($"usage: dotnet run -c Release --project tests/Load -- {string.Join('|', commands.Keys)} [arguments]");
return 1;
