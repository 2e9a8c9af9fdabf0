using System.Text.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Standalone.Servers;

namespace Son1kVers3.Standalone.Running;

/// <summary>Secrets that are made once per data folder, in a file that only its owner can read.</summary>
/// <param name="folder">The data folder; made when the first secret is.</param>
internal sealed class SecretStore(string folder)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Lock gate = new();
    private readonly string path = Path.Combine(folder, "secrets.json");

    public string GetOrCreate(string name, Func<string> create)
    {
        lock (gate)
        {
            var secrets = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))?.AsObject() ?? [] : [];
            if ((string?)secrets[name] is { Length: > 0 } known)
            {
                return known;
            }

            var made = create();
            secrets[name] = made;
            Directory.CreateDirectory(folder);

            // Written beside and moved into place: a crash leaves the old file or the new one.
            var draft = path + ".new";
            ServerFolder.WritePrivate(draft, secrets.ToJsonString(Indented));
            File.Move(draft, path, overwrite: true);
            return made;
        }
    }
}
