using System.Runtime.CompilerServices;
using Son1kVers3.Machine;

namespace Son1kVers3.Studio.Tests;

/// <summary>The tests render for real: what that needs is installed before the first of them.</summary>
internal static class MachineSetup
{
    [ModuleInitializer]
    internal static void InstallTools() =>
        DebianPackages.EnsureAsync(Tools.Studio, Console.WriteLine, consent: true).GetAwaiter().GetResult();
}
