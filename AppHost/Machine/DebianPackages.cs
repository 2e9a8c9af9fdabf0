using System.Diagnostics;

namespace Son1kVers3.Machine;

/// <summary>Installs missing tools with the package manager of Debian and Ubuntu, and starts no service.</summary>
public static class DebianPackages
{
    // Where systemd runs, a freshly installed server would be started at once and take the default ports: policy-rc.d says no.
    // A lock keeps two of us from updating the lists at the same time; apt's own lock has a time limit.
    private const string InstallScript = """
        exec 9>/var/lock/son1kvers3-packages.lock && flock 9
        policy=/usr/sbin/policy-rc.d
        if [ ! -e $policy ]; then
          trap 'rm -f /usr/sbin/policy-rc.d' EXIT
          printf '#!/bin/sh\nexit 101\n' > $policy && chmod 755 $policy
        fi
        install() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -q --no-install-recommends "$@" 9>&-; }
        install "$@" || { apt-get -q update 9>&- && install "$@"; }
        """;

    /// <summary>Installs what is missing, asking first where somebody sits at the terminal.</summary>
    /// <param name="tools">What is needed.</param>
    /// <param name="log">Says what happens.</param>
    /// <param name="consent">The answer is yes without asking.</param>
    /// <exception cref="MissingToolsException">Something is missing and can't be installed; the message says what to type.</exception>
    public static async Task EnsureAsync(IEnumerable<Tool> tools, Action<string> log, bool consent = false)
    {
        var missing = tools.Where(tool => !tool.IsInstalled).ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        var names = string.Join(", ", missing.Select(tool => tool.Name));
        var packages = missing.Select(tool => tool.Package).Distinct().ToArray();
        var canBeContainers = missing.All(Tools.Servers.Contains);
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/apt-get"))
        {
            var instead = canBeContainers ? "Docker or Podman" : "what is missing";
            throw new MissingToolsException($"Missing: {names}. They can be installed by themselves only on Debian and Ubuntu. Install {instead} and start again.");
        }

        var command = $"apt-get install -y --no-install-recommends {string.Join(' ', packages.Select(Quote))}";
        var elevation = await FindElevationAsync()
            ?? throw new MissingToolsException($"Missing: {names}. Type:\n\n    sudo {command}\n\n{(canBeContainers ? "or install Docker or Podman, " : "")}and start again.");
        if (!consent && !Console.IsInputRedirected && !Ask($"Missing: {names}. Run '{command}' now? [Y/n] "))
        {
            throw new MissingToolsException($"Missing: {names}. Type:\n\n    sudo {command}\n\nand start again.");
        }

        log($"Missing: {names}. Installing the Debian packages {string.Join(' ', packages)} (no service is started)");
        await InstallAsync(elevation, packages, log);
        if (missing.Where(tool => !tool.IsInstalled).Select(tool => tool.Name).ToArray() is { Length: > 0 } still)
        {
            throw new MissingToolsException($"{string.Join(", ", still)} can't be found although the packages were installed.");
        }
    }

    private static async Task InstallAsync(string[] elevation, string[] packages, Action<string> log)
    {
        string[] command = [.. elevation, "sh", "-c", InstallScript, "sh", .. packages];
        using var process = Start(command);
        var recent = new List<string>();
        await Task.WhenAll(PumpAsync(process.StandardOutput), PumpAsync(process.StandardError));
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new MissingToolsException($"The packages {string.Join(' ', packages)} can't be installed:\n{string.Join('\n', recent.TakeLast(10))}");
        }

        async Task PumpAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (recent)
                {
                    recent.Add(line);
                }

                if (line.StartsWith("Setting up", StringComparison.Ordinal))
                {
                    log(line);
                }
            }
        }
    }

    /// <summary>The words that make a command run as root: none for root, <c>sudo -n</c> where it asks for no password, else null.</summary>
    private static async Task<string[]?> FindElevationAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            return [];
        }

        if (!File.Exists("/usr/bin/sudo"))
        {
            return null;
        }

        using var process = Start(["sudo", "-n", "true"]);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? ["sudo", "-n"] : null;
    }

    private static Process Start(string[] command)
    {
        var info = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in command.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        var process = Process.Start(info) ?? throw new InvalidOperationException($"Can't start {command[0]}.");
        process.StandardInput.Close();
        return process;
    }

    // For a shell: only a regular expression needs it.
    private static string Quote(string package) => package.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '+') ? package : $"'{package}'";

    private static bool Ask(string question)
    {
        Console.Write(question);
        return Console.ReadLine()?.Trim().ToUpperInvariant() is "" or "Y" or "YES";
    }
}

/// <summary>The machine lacks something that can't be installed by itself; the message tells a person what to do.</summary>
public sealed class MissingToolsException(string message) : Exception(message);
