using System.Diagnostics;
using System.Globalization;

namespace Son1kVers3.Standalone.Processes;

/// <summary>A shell beside the launcher that kills the groups of our children when the launcher is gone.</summary>
/// <remarks>
/// The parent-death signal reaches only the child itself. What a child has started (an encoder, Erlang's port programs) would be left;
/// they are in the child's process group, and the guard knows every group. It notices the launcher's death by the end of its input,
/// which no other process holds open, and leaves servers two seconds to end by themselves first.
/// </remarks>
internal static class ProcessGuard
{
    private const string Script = """
        exec >/dev/null 2>&1
        trap '' INT TERM HUP
        groups=' '
        while read -r verb group; do
          case $verb in
            watch) groups="$groups$group " ;;
            forget) groups="${groups%% $group *} ${groups#* $group }" ;;
            quit) exit 0 ;;
          esac
        done
        sleep 2
        for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
        """;

    private static readonly Lock Gate = new();
    private static Process? guard;

    public static void EnsureStarted()
    {
        lock (Gate)
        {
            if (guard is { HasExited: false })
            {
                return;
            }

            var info = new ProcessStartInfo("setsid") { RedirectStandardInput = true };
            info.ArgumentList.Add("sh");
            info.ArgumentList.Add("-c");
            info.ArgumentList.Add(Script);
            guard = Process.Start(info) ?? throw new InvalidOperationException("The process guard did not start.");
        }
    }

    public static void Watch(int group) => Send($"watch {group.ToString(CultureInfo.InvariantCulture)}");

    public static void Forget(int group) => Send($"forget {group.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Everything has been stopped: the guard need not wait for our end.</summary>
    public static void Dismiss()
    {
        Process? dismissed;
        lock (Gate)
        {
            dismissed = guard;
            Send("quit");
            guard = null;
        }

        dismissed?.WaitForExit(TimeSpan.FromSeconds(1));
    }

    private static void Send(string line)
    {
        lock (Gate)
        {
            if (guard is { HasExited: false })
            {
                guard.StandardInput.Write(line + "\n");
                guard.StandardInput.Flush();
            }
        }
    }
}
