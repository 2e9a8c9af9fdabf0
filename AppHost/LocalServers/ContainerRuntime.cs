namespace Son1kVers3.LocalServers;

/// <summary>Whether servers can run in containers here.</summary>
public static class ContainerRuntime
{
    /// <summary>A runtime listens. A <c>docker</c> program alone means nothing: clients are installed without an engine.</summary>
    public static bool IsPresent => Sockets.Any(File.Exists);

    private static IEnumerable<string> Sockets
    {
        get
        {
            yield return "/var/run/docker.sock";
            yield return "/run/podman/podman.sock";
            if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } user)
            {
                yield return Path.Combine(user, "docker.sock");
                yield return Path.Combine(user, "podman", "podman.sock");
            }
        }
    }
}
