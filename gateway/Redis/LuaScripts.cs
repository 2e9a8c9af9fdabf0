namespace Son1kVers3.Gateway.Redis;

/// <summary>The scripts that lie beside the code that runs them.</summary>
internal static class LuaScripts
{
    /// <summary>A script by its place in the project: <c>RateLimits.gcra.lua</c>.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(LuaScripts).Assembly.GetManifestResourceStream($"Son1kVers3.Gateway.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
