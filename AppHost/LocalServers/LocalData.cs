namespace Son1kVers3.LocalServers;

/// <summary>Where a run's servers keep their data, and how much they do for it.</summary>
/// <param name="Folder">One folder inside it for each server.</param>
/// <param name="Durable">False for data that is thrown away: nothing waits for the disk.</param>
/// <param name="PrefersPrograms">Servers run as programs even where a container runtime is.</param>
public sealed record LocalData(string Folder, bool Durable = true, bool PrefersPrograms = false)
{
    /// <summary>A server's own folder.</summary>
    public string Of(string server) => Path.Combine(Folder, server);
}
