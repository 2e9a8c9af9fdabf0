using System.Text.Json;
using System.Text.Json.Nodes;
using Son1kVers3.LocalServers;

namespace Son1kVers3.AppHost.Secrets;

/// <summary>Secrets that are made once and kept with the data that they open, in a file that only its owner can read.</summary>
/// <param name="folder">The data folder.</param>
internal sealed class SecretFile(string folder)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Lock _gate = new();
    private readonly string _path = Path.Combine(folder, "secrets.json");

    /// <summary>The kept value. What is not there yet is taken from <paramref name="create"/> and kept.</summary>
    public string GetOrCreate(string name, Func<string> create)
    {
        lock (_gate)
        {
            var secrets = File.Exists(_path) ? JsonNode.Parse(File.ReadAllText(_path))?.AsObject() ?? [] : [];
            if ((string?)secrets[name] is { Length: > 0 } known)
                return known;
            var made = create();
            secrets[name] = made;
            PrivateFiles.Write(_path, secrets.ToJsonString(Indented));
            return made;
        }
    }
}
